import type { Order, Outcomes } from '../load.ts';
import { Bystanders } from './bystanders.ts';
import { confer } from './conference.ts';
import { leaveMessages } from './deposit.ts';
import { changePages } from './pages.ts';
import { Population } from './scenarios.ts';
import { takeOver } from './takeover.ts';

/** The load generator's process: carries out one order of the bench at a time and sends back what it measured. */
const population = new Population();
let bystanders: Bystanders | undefined;

async function carryOut(order: Order): Promise<Outcomes[Order['kind']]> {
  switch (order.kind) {
    case 'connect':
      return population.connect(order.target, order.accounts);
    case 'disconnect':
      return population.disconnect();
    case 'register':
      return population.register(order.authentication);
    case 'calls':
      return population.calls(order.concurrent);
    case 'first-calls':
      return population.firstCalls(order.count, order.concurrent);
    case 'setup':
      return population.setup(order.rate, order.seconds);
    case 'storm':
      return population.storm();
    case 'takeovers':
      return takeOver(order);
    case 'deposits':
      return leaveMessages(order);
    case 'conference':
      return confer(order);
    case 'pages':
      return changePages(order);
    case 'bystanders':
      bystanders = await Bystanders.connect(order);
      return null;
    case 'bystand':
      if (bystanders === undefined) throw new Error('nobody is there');
      return bystanders.watch(order.seconds);
  }
}

process.on('message', (order: Order) => {
  carryOut(order).then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
