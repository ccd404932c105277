// Gives the digest table: to the thread that started it, or on standard output, where two versions of Node are compared.

import { parentPort } from 'node:worker_threads';
import { table } from './digests.js';

if (parentPort) parentPort.postMessage(table());
else process.stdout.write(`${table()}\n`);
