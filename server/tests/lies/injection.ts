import { Administrator } from '../support/administrator.ts';
import { Call, connectCall } from '../support/call.ts';
import type { Stage } from '../support/fixtures.ts';
import * as sip from '../support/sip-message.ts';
import type { Lie } from './lie.ts';

/** Does something with an extension that has that name, where it can be given; then it has its own again. */
async function named(
  on: Stage,
  name: string,
  then: (management: Administrator) => Promise<boolean>,
): Promise<boolean> {
  const management = await Administrator.signIn(on.server.organization);
  try {
    await management.ask('PATCH /api/extensions/101', { name });
  } catch {
    return false;
  }
  try {
    return await then(management);
  } finally {
    await management.ask('PATCH /api/extensions/101', { name: 'Ada' });
  }
}

/** Texts that are taken for more than a text. */
export const INJECTION: readonly Lie[] = [
  {
    name: 'a header field in a name',
    guards: [
      'names have no invisible characters',
      'quoted texts have no control characters',
      'fields have no line ends',
    ],
    works: (on) =>
      named(on, 'Ada"\r\nX-Injected: yes\r\nX: "', async () => {
        const [ada, ben] = [await on.register('101'), await on.register('102')];
        const call = new Call(ada, '102');
        const invite = await ben.request('INVITE');
        call.cancel();
        return sip.all(invite, 'X-Injected').length > 0;
      }),
  },
  {
    name: 'an element in a name, in the calls of a colleague (RFC 4235)',
    guards: ['documents are escaped'],
    works: (on) =>
      named(on, 'Ada"><evil/>', async () => {
        const [ada, ben] = [await on.register('101'), await on.register('102')];
        await ben.transact('SUBSCRIBE', ben.address('102'), { fields: ['Event: dialog', 'Expires: 600'] });
        ben.respond(await ben.request('NOTIFY'), '200 OK');
        const call = new Call(ada, '102');
        const told = await ben.request('NOTIFY');
        call.cancel();
        return told.body.includes('<evil/>');
      }),
  },
  {
    name: 'a formula in a name, in a table for spreadsheets',
    guards: ['cells are no formulas'],
    works: (on) =>
      named(on, '=HYPERLINK(A1)', async (management) => {
        const table = await fetch(`${on.server.organization.url}/api/extensions.csv`, {
          headers: { cookie: management.cookie },
        });
        return /(^|[",])=HYPERLINK/m.test(await table.text());
      }),
  },
  {
    name: 'a text for the other side in the reason of a hang-up',
    guards: ['causes are written anew'],
    works: async (on) => {
      const [ada, ben] = [await on.register('101'), await on.register('102')];
      const [caller] = await connectCall(ada, ben);
      await caller.request('BYE', { fields: ['Reason: SIP;cause=200;text="<b>Call 0900 1234</b>"'] });
      const bye = await ben.request('BYE');
      ben.respond(bye, '200 OK');
      return sip.all(bye, 'Reason').join().includes('0900');
    },
  },
  {
    name: 'a document for the other side in an INFO',
    guards: ['keys are written anew'],
    works: async (on) => {
      const [ada, ben] = [await on.register('101'), await on.register('102')];
      const [caller] = await connectCall(ada, ben);
      await caller.request('INFO', { fields: ['Content-Type: text/html'], body: '<b>Call 0900 1234</b>' });
      // Answered after whatever has been passed on.
      await ben.transact('OPTIONS', `sip:${ben.domain}`);
      const [passedOn] = ben.unread('INFO');
      await caller.request('BYE');
      return passedOn?.body.includes('0900') === true;
    },
  },
];
