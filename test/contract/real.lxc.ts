// The real world keeps the contract.

import { machine, runForReal, withContainers } from '../emu/lxc/support.js';
import { contract } from './contract.js';

withContainers('the real world keeps the contract', () =>
  contract((document) => runForReal(document, '1', { interval: 0.5 }), { delays: machine.features.netem === true }),
);
