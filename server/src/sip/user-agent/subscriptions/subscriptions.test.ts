import { expect, test } from 'vitest';
import type { SipMessage } from '../../message/message.ts';
import { RawPhone, request, response } from '../support/raw-phone.ts';
import type { RequestOptions } from '../support/raw-phone.ts';
import { subscribeRequestOf } from './subscribe-request.ts';
import type { EventPackage, NotifyResult, Subscription } from './subscription.ts';
import { parsed, summary } from '../support/test-line.ts';

const WEATHER: EventPackage = {
  name: 'weather',
  contentType: 'text/weather',
  leastSeconds: 60,
  mostSeconds: 3600,
};

/** A phone that may subscribe to the weather. */
class Watcher extends RawPhone {
  weather = 'sun';
  readonly subscriptions: Subscription[] = [];
  /** What the source of each was told in the end. */
  readonly ended: NotifyResult[] = [];

  override answer = (transaction: RawPhone['requested'][number]): void => {
    const asked = subscribeRequestOf(transaction.request, WEATHER);
    if (asked.kind === 'refused') {
      transaction.respond(asked.response);
      return;
    }
    const subscription = this.agent.subscribe(transaction, asked, {
      state: () => this.weather,
      ended: (last) => this.ended.push(last),
    });
    if (subscription !== undefined) this.subscriptions.push(subscription);
  };

  subscribe(options: RequestOptions = {}, flow = this.flow): void {
    flow.receive(subscribe(options));
  }

  /** Subscribed, and the first NOTIFY confirmed: the server's tag. */
  subscribed(options: RequestOptions = {}): string {
    this.subscribe(options);
    const [ok, notify] = this.heard();
    this.confirm(notify);
    return ok?.essentials.to.tag ?? '';
  }

  confirm(notify: SipMessage | undefined, status = 200, flow = this.flow): void {
    flow.receive(response(notify, status));
  }

  /** It rains, and subscribers may be told. */
  turns(weather: string): void {
    this.weather = weather;
    for (const subscription of this.subscriptions) subscription.changed();
  }

  /** The messages received since the last call, NOTIFYs with their bodies. */
  news(flow = this.flow): string[] {
    return flow.sent.splice(0).map((frame) => {
      const message = parsed(frame);
      const state = message.headers.get('subscription-state');
      return state === undefined ? summary(message) : `${state} ${message.body}`;
    });
  }
}

function subscribe({ fields = 'Event: weather\r\n', ...options }: RequestOptions): string {
  return request({ method: 'SUBSCRIBE', ...options, fields });
}

const lasting = (seconds: number, event = 'weather') => `Event: ${event}\r\nExpires: ${String(seconds)}\r\n`;

test.for<[name: string, options: RequestOptions, answer: string]>([
  ['another package', { fields: 'Event: presence\r\n' }, '489 Allow-Events: weather'],
  ['a package in other letters', { fields: 'Event: Weather\r\n' }, '489 Allow-Events: weather'],
  ['no Event', { fields: 'Expires: 60\r\n' }, '400'],
  ['two Events', { fields: 'Event: weather\r\no: presence\r\n' }, '400'],
  ['a malformed Event', { fields: 'Event: ;id=1\r\n' }, '400'],
  ['a malformed id', { fields: 'Event: weather;id="a b"\r\n' }, '400'],
  ['an empty id', { fields: 'Event: weather;id\r\n' }, '400'],
  ['an id of 129 octets', { fields: `Event: weather;id=${'x'.repeat(129)}\r\n` }, '400'],
  [
    'a body it does not take',
    { fields: 'Event: weather\r\nAccept: text/plain\r\n' },
    '406 Accept: text/weather',
  ],
  ['an interval of 1 s', { fields: lasting(1) }, '423 Min-Expires: 60'],
  ['an interval of 59 s', { fields: lasting(59) }, '423 Min-Expires: 60'],
  ['a malformed interval', { fields: 'Event: weather\r\nExpires: soon\r\n' }, '400'],
  ['a negative interval', { fields: 'Event: weather\r\nExpires: -1\r\n' }, '400'],
  ['two intervals', { fields: 'Event: weather\r\nExpires: 60\r\nExpires: 90\r\n' }, '400'],
  ['no Contact', { contact: '' }, '400'],
  ['a Contact that is no address', { contact: 'Contact: *\r\n' }, '400'],
])('SUBSCRIBE with %s is refused, and nothing is remembered of it', async ([, options, answer]) => {
  const phone = new Watcher();
  phone.subscribe(options);
  const [refusal, ...others] = phone.heard();
  const told = ['Allow-Events', 'Accept', 'Min-Expires']
    .map((name) => [name, refusal?.headers.get(name.toLowerCase())] as const)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}: ${value ?? ''}`);
  expect(`${refusal?.kind === 'response' ? String(refusal.status) : ''}${told.join('')}`).toBe(answer);
  expect([others, phone.subscriptions, phone.ended]).toEqual([[], [], []]);
  await phone.settle();
  expect(phone.clock.pending).toBe(0);
});

test.for<[name: string, fields: string, granted: string]>([
  ['no interval: the longest', 'Event: weather\r\n', '3600'],
  ['as long as it asks', lasting(600), '600'],
  ['as short as may be', lasting(60), '60'],
  ['longer than may be', lasting(86_400), '3600'],
  ['longer than anything', 'Event: weather\r\nExpires: 99999999999999999999\r\n', '3600'],
  ['a family of types', 'Event: weather\r\nAccept: application/sdp, TEXT/*;q=0.5\r\n', '3600'],
  ['any type', 'o: weather\r\nAccept: */*\r\n', '3600'],
])('SUBSCRIBE with %s is accepted', ([, fields, granted]) => {
  const phone = new Watcher();
  phone.subscribe({ fields });
  const [ok, notify] = phone.heard();
  expect([ok, notify].map((message) => message && summary(message))).toEqual(['200 SUBSCRIBE', 'NOTIFY']);
  expect(ok?.headers.get('expires')).toBe(granted);
  expect(ok?.headers.get('contact')).toBe('<sip:perch@example.org;transport=ws>');
  expect(notify?.headers.get('subscription-state')).toBe(`active;expires=${granted}`);
});

test('the first NOTIFY follows the 200 in its dialog, with the Event of the SUBSCRIBE', () => {
  const phone = new Watcher();
  phone.subscribe({ fields: lasting(600, 'weather;id=7') });
  const [ok, notify] = phone.heard();
  expect(notify).toMatchObject({ method: 'NOTIFY', uri: 'sip:x@y.invalid;transport=ws', body: 'sun' });
  expect(notify?.essentials.from.tag).toBe(ok?.essentials.to.tag);
  expect(notify?.essentials.to.tag).toBe('f');
  expect(notify?.essentials.callId).toBe('call-1');
  expect(notify?.headers.get('event')).toBe('weather;id=7');
  expect(notify?.headers.get('content-type')).toBe('text/weather');
});

test('a change is told; while a NOTIFY is under way nothing piles up, and the newest state wins', () => {
  const phone = new Watcher();
  phone.subscribed();
  phone.turns('rain');
  const [first] = phone.heard();
  for (const weather of ['hail', 'snow', 'fog']) phone.turns(weather);
  expect(phone.news()).toEqual([]);
  phone.confirm(first);
  const [second] = phone.heard();
  expect([first?.body, second?.body]).toEqual(['rain', 'fog']);
  expect(second?.essentials.cseq.number).toBe((first?.essentials.cseq.number ?? 0) + 1);
  phone.confirm(second);
  expect(phone.news()).toEqual([]);
});

test('a refresh is answered, restarts the interval, moves the target and is told the state again', async () => {
  const phone = new Watcher();
  const tag = phone.subscribed({ fields: lasting(60) });
  await phone.clock.advance(50_000);
  phone.subscribe({ tag, sequence: 2, contact: 'Contact: <sip:new@y.invalid>\r\n', fields: lasting(90) });
  const [ok, notify] = phone.heard();
  expect(ok && summary(ok)).toBe('200 SUBSCRIBE');
  expect(notify).toMatchObject({ uri: 'sip:new@y.invalid', body: 'sun' });
  phone.confirm(notify);
  await phone.clock.advance(89_000);
  expect(phone.news()).toEqual([]);
  await phone.clock.advance(1_000);
  expect(phone.news()).toEqual(['terminated;reason=timeout sun']);
});

test('a refresh while a NOTIFY is under way is answered at once, and told after it', () => {
  const phone = new Watcher();
  const tag = phone.subscribed();
  phone.turns('rain');
  const [under] = phone.heard();
  phone.subscribe({ tag, sequence: 2 });
  expect(phone.news()).toEqual(['200 SUBSCRIBE']);
  phone.confirm(under);
  expect(phone.news()).toEqual(['active;expires=3600 rain']);
});

test('unsubscribing is confirmed by a last NOTIFY, and then there is no such dialog', async () => {
  const phone = new Watcher();
  const tag = phone.subscribed();
  phone.subscribe({ tag, sequence: 2, fields: lasting(0) });
  const [ok, last] = phone.heard();
  expect(ok?.headers.get('expires')).toBe('0');
  expect(last?.headers.get('subscription-state')).toBe('terminated;reason=timeout');
  phone.confirm(last);
  phone.turns('rain');
  phone.subscribe({ tag, sequence: 3 });
  expect(phone.news()).toEqual(['481 SUBSCRIBE']);
  expect(phone.ended).toEqual(['unanswered']);
  // Timer F's queue looks at its clock once more.
  await phone.clock.advance(32_000);
  expect(phone.clock.pending).toBe(0);
});

test('unsubscribing that crosses a NOTIFY: the last one waits its turn, and tells the state at that time', () => {
  const phone = new Watcher();
  const tag = phone.subscribed();
  phone.turns('rain');
  const [crossing] = phone.heard();
  phone.subscribe({ tag, sequence: 2, fields: lasting(0) });
  phone.turns('snow');
  phone.subscribe({ tag, sequence: 3 });
  expect(phone.news()).toEqual(['200 SUBSCRIBE', '481 SUBSCRIBE']);
  phone.confirm(crossing);
  expect(phone.news()).toEqual(['terminated;reason=timeout snow']);
});

test('a subscriber that asks once is told once, and leaves nothing behind', async () => {
  const phone = new Watcher();
  phone.subscribe({ fields: lasting(0) });
  const [ok, notify] = phone.heard();
  expect(ok?.headers.get('expires')).toBe('0');
  expect(notify?.headers.get('subscription-state')).toBe('terminated;reason=timeout');
  expect(notify?.body).toBe('sun');
  phone.confirm(notify);
  phone.subscribe({ tag: ok?.essentials.to.tag ?? '', sequence: 2 });
  expect(phone.news()).toEqual(['481 SUBSCRIBE']);
  expect(phone.subscriptions).toEqual([]);
  // Timer F's queue looks at its clock once more.
  await phone.clock.advance(32_000);
  expect(phone.clock.pending).toBe(0);
});

test.for([404, 405, 481, 489, 500, 503, 603])(
  'NOTIFY answered %i removes the subscription (RFC 6665 §4.2.2)',
  (status) => {
    const phone = new Watcher();
    phone.subscribed();
    phone.turns('rain');
    phone.confirm(phone.heard()[0], status);
    phone.turns('snow');
    expect(phone.news()).toEqual([]);
    expect(phone.ended).toEqual(['refused']);
  },
);

test('an unanswered NOTIFY removes the subscription after timer F', async () => {
  const phone = new Watcher();
  phone.subscribed();
  phone.turns('rain');
  phone.heard();
  await phone.clock.advance(32_000);
  phone.turns('snow');
  expect(phone.news()).toEqual([]);
  expect(phone.ended).toEqual(['refused']);
  expect(phone.clock.pending).toBe(0);
});

test.for<[name: string, underWay: boolean]>([
  ['', false],
  [' with a NOTIFY under way', true],
])('a flow that dies%s takes its subscriptions along', async ([, underWay]) => {
  const phone = new Watcher();
  const tag = phone.subscribed();
  if (underWay) phone.turns('rain');
  phone.flow.hangUp();
  await phone.settle();
  phone.turns('snow');
  const back = phone.connect();
  phone.subscribe({ tag, sequence: 2 }, back);
  expect(phone.news(back)).toEqual(['481 SUBSCRIBE']);
  expect(phone.ended).toEqual([underWay ? 'refused' : 'confirmed']);
  await phone.clock.advance(32_000);
  expect([phone.clock.pending, phone.faults]).toEqual([0, []]);
});

test('a subscriber that is back on another flow before the old one is known to be dead keeps its subscription', async () => {
  const phone = new Watcher();
  const tag = phone.subscribed();
  phone.turns('rain');
  phone.heard();
  const back = phone.connect();
  phone.subscribe({ tag, sequence: 2 }, back);
  const [, notify] = back.sent.splice(0).map(parsed);
  expect(notify?.body).toBe('rain');
  phone.flow.hangUp();
  await phone.settle();
  phone.confirm(notify, 200, back);
  phone.turns('snow');
  expect(phone.news(back)).toEqual(['active;expires=3600 snow']);
  back.hangUp();
  await phone.settle();
  expect(phone.ended).toEqual(['refused']);
});

test('the subscription dialog of another account is 481, whatever is asked of it', () => {
  const phone = new Watcher();
  const tag = phone.subscribed();
  const intruder = phone.connect('198.51.100.66');
  for (const method of ['SUBSCRIBE', 'NOTIFY', 'BYE']) {
    intruder.receive(request({ method, tag, sequence: 9, fields: lasting(0) }));
  }
  expect(phone.news(intruder)).toEqual(['481 SUBSCRIBE', '481 NOTIFY', '481 BYE']);
  phone.turns('rain');
  expect(phone.news()).toEqual(['active;expires=3600 rain']);
});

test.for<[name: string, options: RequestOptions, answer: string]>([
  ['out of order', { sequence: 4 }, '500 SUBSCRIBE'],
  ['with another From tag', { from: '<sip:102@example.org>;tag=guess' }, '481 SUBSCRIBE'],
  ['with another Call-ID', { callId: 'guess' }, '481 SUBSCRIBE'],
  ['to another package', { fields: 'Event: presence\r\n' }, '489 SUBSCRIBE'],
  ['with another id', { fields: lasting(60, 'weather;id=2') }, '481 SUBSCRIBE'],
  ['that is too short', { fields: lasting(1) }, '423 SUBSCRIBE'],
  ['that is a BYE', { method: 'BYE' }, '481 BYE'],
  ['that is an INVITE', { method: 'INVITE', body: 'offer' }, '481 INVITE'],
])('a request in the dialog %s changes nothing', ([, options, answer]) => {
  const phone = new Watcher();
  const tag = phone.subscribed({ sequence: 5 });
  phone.flow.receive(subscribeOr({ tag, sequence: 6, ...options }));
  expect(phone.news()).toEqual([answer]);
  phone.turns('rain');
  expect(phone.news()).toEqual(['active;expires=3600 rain']);
});

const subscribeOr = (options: RequestOptions): string =>
  options.method === undefined ? subscribe(options) : request(options);

test('the sixty-first subscription of a flow is 503, and there is room again once one is over', () => {
  const phone = new Watcher();
  const tag = phone.subscribed({ callId: 'first' });
  for (let id = 1; id < 60; id += 1) phone.subscribed({ callId: String(id) });
  phone.subscribe({ callId: 'one-too-many' });
  expect(phone.news()).toEqual(['503 SUBSCRIBE']);
  phone.subscribe({ callId: 'first', tag, sequence: 2, fields: lasting(0) });
  phone.news();
  phone.subscribe({ callId: 'another' });
  expect(phone.news()).toEqual(['200 SUBSCRIBE', 'active;expires=3600 sun']);
});

test('no subscription is made within the dialog of a call (RFC 6665 §4.5.2), which goes on', async () => {
  const phone = new Watcher();
  const tag = await phone.call();
  phone.subscribe({ tag, sequence: 2 });
  expect(phone.news()).toEqual(['403 SUBSCRIBE']);
  expect(phone.invited[0]?.state).toBe('confirmed');
});

test('a source that fails costs its subscription, not the others', () => {
  const phone = new Watcher();
  phone.subscribed({ callId: 'one' });
  phone.subscribed({ callId: 'other' });
  const [one, other] = phone.subscriptions;
  Object.defineProperty(phone, 'weather', {
    configurable: true,
    get: () => {
      throw new Error('no idea');
    },
  });
  one?.changed();
  Object.defineProperty(phone, 'weather', { value: 'rain' });
  one?.changed();
  other?.changed();
  expect(phone.faults).toEqual([new Error('no idea')]);
  expect(phone.ended).toEqual(['unanswered']);
  expect(phone.news()).toEqual(['active;expires=3600 rain']);
});

test('a subscription that is closed says nothing more; twice is harmless', async () => {
  const phone = new Watcher();
  phone.subscribed();
  phone.subscriptions[0]?.close();
  phone.subscriptions[0]?.close();
  phone.turns('rain');
  expect(phone.news()).toEqual([]);
  expect(phone.ended).toEqual(['confirmed']);
  // Timer F's queue looks at its clock once more.
  await phone.clock.advance(32_000);
  expect(phone.clock.pending).toBe(0);
});

test.for<[name: string, answer: number | 'silence' | 'hang up', status: number]>([
  ['its answer', 200, 200],
  ['a refusal', 489, 489],
  ['silence', 'silence', 408],
  ['a dead flow', 'hang up', 503],
])('a request outside of dialogs comes back with %s, once', async ([, answer, status]) => {
  const phone = new RawPhone();
  const answers: number[] = [];
  phone.agent.send(
    {
      method: 'NOTIFY',
      target: { flow: phone.flow, contact: 'sip:x@y.invalid;transport=ws' },
      fields: [['Event', 'weather']],
      body: 'sun',
    },
    (final) => answers.push(final),
  );
  const [notify] = phone.heard();
  expect(notify).toMatchObject({ method: 'NOTIFY', uri: 'sip:x@y.invalid;transport=ws', body: 'sun' });
  expect(notify?.headers.get('from')).toMatch(/^<sip:perch@example\.org>;tag=\w+$/);
  expect(notify?.headers.get('to')).toBe('<sip:x@y.invalid;transport=ws>');
  if (answer === 'hang up') phone.flow.hangUp();
  else if (answer !== 'silence') phone.flow.receive(response(notify, answer));
  await phone.clock.advance(60_000);
  expect(answers).toEqual([status]);
});
