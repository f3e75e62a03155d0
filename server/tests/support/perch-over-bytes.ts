/** The command `perch demo`, with every organization reached over bytes, as if it were in another process. */
import { overBytes } from '../../src/cluster/support/over-bytes.ts';
import { orderOf } from '../../src/command-line/order.ts';
import { runDemo } from '../../src/demo/demo.ts';
import { THIS_MACHINE } from '../../src/server.ts';

const order = orderOf(process.argv.slice(2));
if (order.kind !== 'demo') throw new Error('only the demo runs over bytes');
await runDemo(order, { ...THIS_MACHINE, border: overBytes });
