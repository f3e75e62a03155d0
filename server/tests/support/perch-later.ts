/** The command `perch demo`, for which a minute has passed with each SIGUSR2. What waits for a timer goes on waiting. */
import { orderOf } from '../../src/command-line/order.ts';
import { runDemo } from '../../src/demo/demo.ts';
import { THIS_MACHINE } from '../../src/server.ts';

const MINUTE_MS = 60_000;
const { clock } = THIS_MACHINE;
let passedMs = 0;
process.on('SIGUSR2', () => {
  passedMs += MINUTE_MS;
  process.stdout.write(`${String(passedMs / MINUTE_MS)} min later\n`);
});

const order = orderOf(process.argv.slice(2));
if (order.kind !== 'demo') throw new Error('only the demo runs later');
await runDemo(order, {
  ...THIS_MACHINE,
  clock: { ...clock, now: () => clock.now() + passedMs, monotonic: () => clock.monotonic() + passedMs },
});
