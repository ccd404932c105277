// The real world keeps the contract.

import { runForReal, withContainers } from '../emu/lxc/support.js';
import { contract } from './contract.js';

withContainers('the real world keeps the contract', () => contract(runForReal));
