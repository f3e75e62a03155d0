import { afterAll, beforeAll, expect, test } from 'vitest';
import { Call, type Dialog } from './support/call.ts';
import { stage } from './support/fixtures.ts';
import { PageClient } from './support/page-client.ts';
import { SipClient } from './support/sip-client.ts';
import * as sip from './support/sip-message.ts';

const on = stage();

/** A phone and its page, as a browser has both. */
interface Terminal {
  readonly phone: SipClient;
  readonly page: PageClient;
}
const terminals = new Map<string, Terminal>();

beforeAll(async () => {
  for (const number of ['101', '102', '103', '104', '201', '203']) {
    const line = on.server.line(number);
    terminals.set(number, {
      phone: await SipClient.registered(on.server.organization, line),
      page: await PageClient.open(line.url),
    });
  }
});
afterAll(() => {
  for (const { phone, page } of terminals.values()) {
    phone.close();
    page.close();
  }
});

function terminal(number: string): Terminal {
  const found = terminals.get(number);
  if (found === undefined) throw new Error(`no terminal ${number}`);
  return found;
}

async function press(dialog: Dialog, digits: string): Promise<void> {
  for (const digit of digits) {
    const response = await dialog.request('INFO', {
      fields: ['Content-Type: application/dtmf-relay'],
      body: `Signal=${digit}\r\nDuration=100\r\n`,
    });
    expect(sip.status(response)).toBe(200);
  }
}

/** Dials the Center from a terminal, gives the code if there is one to give, and returns how it ended. */
async function visit(number: string, dialled: string, code?: string | null): Promise<string> {
  const { phone, page } = terminal(number);
  const dialog = await new Call(phone, dialled).answered();
  if (code !== undefined) await press(dialog, `${code ?? ''}#`);
  const outcome = await page.outcome();
  await dialog.request('BYE');
  return outcome;
}

const PEOPLE = ['101', '102', '103', '104'];

/** The terminal at which a call to that number rings; `undefined` where it goes to the mailbox at once. */
async function ringsAt(number: string): Promise<string | undefined> {
  const rung: string[] = [];
  for (const person of PEOPLE) {
    const { phone } = terminal(person);
    phone.onInvite = (invite) => {
      rung.push(person);
      phone.respond(invite, '486 Busy Here', { toTag: 'busy' });
    };
  }
  await new Call(terminal('203').phone, number).reachedMailbox();
  for (const person of PEOPLE) terminal(person).phone.onInvite = undefined;
  expect(rung.length).toBeLessThan(2);
  return rung[0];
}

test('the worked example of the specification, step by step', async () => {
  const code = (number: string): string | null => on.server.line(number).secretCode;
  const steps: readonly [
    dialled: string,
    at: string,
    code: string | null | undefined,
    rings: readonly (string | undefined)[],
  ][] = [
    ['*30102', '101', code('102'), [undefined, '101', '103', '104']],
    ['*30104', '102', code('104'), [undefined, '101', '103', '102']],
    ['*30103', '101', code('103'), [undefined, undefined, '101', '102']],
    ['*30', '102', undefined, [undefined, '102', '101', '104']],
    ['*30101', '102', code('101'), ['102', undefined, '101', '104']],
    ['*30102', '103', code('102'), ['102', '103', '101', '104']],
    ['*30', '102', undefined, [undefined, '103', '101', '104']],
    ['*30', '102', undefined, [undefined, '102', '101', '104']],
    ['*30101', '101', undefined, ['101', '102', '103', '104']],
  ];
  for (const [dialled, at, secret, rings] of steps) {
    const outcome = await visit(at, dialled, secret);
    expect(outcome).toBeOneOf(['accepted', 'returned', 'claimed']);
    const heard = [];
    for (const number of PEOPLE) heard.push(await ringsAt(number));
    expect(heard, `after ${dialled} on ${at}`).toEqual(rings);
  }
}, 120_000);

test('a call from a station that a guest is on is the guest’s', async () => {
  expect(await visit('201', '*30101', on.server.line('101').secretCode)).toBe('accepted');
  const ben = terminal('102').phone;
  const call = new Call(terminal('201').phone, '102');
  const invite = await ben.request('INVITE');
  expect(sip.displayName(sip.field(invite, 'From'))).toBe('Ada');
  expect(sip.uriOf(sip.field(invite, 'From'))).toBe(ben.address('101'));
  ben.respond(invite, '486 Busy Here', { toTag: 'busy' });
  await call.reachedMailbox();
  expect(await visit('201', '*30')).toBe('returned');
});

test('help can be called from a desk with a guest and from a locked phone, and can call back', async () => {
  const help = await SipClient.registered(
    on.server.organization,
    await on.server.addExtension('112', 'Reception'),
  );
  expect(await visit('201', '*30101', on.server.line('101').secretCode)).toBe('accepted');
  for (const [number, name] of [
    ['201', 'Ada, Front desk'],
    ['101', 'Ada'],
  ] as const) {
    const call = new Call(terminal(number).phone, '112');
    const invite = await help.request('INVITE');
    expect(sip.displayName(sip.field(invite, 'From'))).toBe(name);
    expect(sip.uriOf(sip.field(invite, 'From'))).toBe(help.address(number));
    help.respond(invite, '486 Busy Here', { toTag: 'busy' });
    call.cancel();
    await call.refused();
  }
  const call = new Call(help, '201');
  const back = await terminal('201').phone.request('INVITE');
  terminal('201').phone.respond(back, '486 Busy Here', { toTag: 'busy' });
  expect(sip.status(await call.refused())).toBe(486);
  await on.server.administer('PATCH', '/api/extensions/201', { callBack: '104' });
  const elsewhere = new Call(terminal('201').phone, '112');
  const named = await help.request('INVITE');
  expect(sip.uriOf(sip.field(named, 'From'))).toBe(help.address('104'));
  help.respond(named, '486 Busy Here', { toTag: 'busy' });
  elsewhere.cancel();
  await elsewhere.refused();
  await on.server.administer('PATCH', '/api/extensions/201', { callBack: null });
  help.close();
  expect(await visit('201', '*30')).toBe('returned');
});

test('a wrong code three times in a row: the server hangs up', async () => {
  const { phone, page } = terminal('201');
  const dialog = await new Call(phone, '*30104').answered();
  for (const left of [2, 1, 0]) {
    await press(dialog, '0000#');
    await page.next(`${String(left)} tries left`, ({ event }) => event?.tries === left);
  }
  expect(await page.outcome()).toBe('refused');
  const bye = await phone.next('BYE', (message) => message.startLine.startsWith('BYE'), 15_000);
  expect(sip.field(bye, 'Call-ID')).toBe(dialog.callId);
  phone.respond(bye, '200 OK');
});

test('a station that does not allow it says so before any code', async () => {
  const { phone, page } = terminal('203');
  await new Call(phone, '*30104').answered();
  expect(await page.outcome()).toBe('not-allowed');
  const bye = await phone.next('BYE', (message) => message.startLine.startsWith('BYE'), 15_000);
  phone.respond(bye, '200 OK');
});

test('a takeover survives kill -9 right after its confirmation', async () => {
  expect(await visit('201', '*30103', on.server.line('103').secretCode)).toBe('accepted');
  await on.server.kill();
  await on.server.startAgain();
  const station = await on.register('201', terminal('201').phone.identity);
  const caller = await on.register('102', terminal('102').phone.identity);
  const call = new Call(caller, '103');
  const invite = await station.request('INVITE');
  station.respond(invite, '486 Busy Here', { toTag: 'busy' });
  await call.reachedMailbox();
});
