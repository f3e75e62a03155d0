import { expect, test } from 'vitest';
import type { FakeEndpoint } from '../../../media/support/fake-media.ts';
import type { FakeLeg } from '../../../sip/user-agent/support/fake-leg.ts';
import { refer, replacesOf } from '../joining/support/transferring.ts';
import { answersTo, CallHouse, offersTo, type Phone, refusalOf } from '../support/call-house.ts';

/** A description of a phone that is no browser: it always has that ufrag. */
const sdpOf = (ufrag: string, direction = 'sendrecv'): string =>
  [
    'v=0',
    `o=- ${ufrag} 1 IN IP4 0.0.0.0`,
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    `a=ice-ufrag:${ufrag}`,
    'a=fingerprint:sha-256 AA',
    `a=${direction}`,
    '',
  ].join('\r\n');

/** A phone that always answers and offers with the ufrag that its session has begun with, and calls once more when asked to. */
class Keeper {
  readonly phone: Phone;
  /** Its sessions, oldest first; each with how many of its commands have been obeyed. */
  readonly legs: { readonly leg: FakeLeg; obeyed: number }[] = [];
  readonly #house: CallHouse;
  readonly #name: string;

  constructor(house: CallHouse, number: string, name: string, phone = house.register(number)) {
    this.#house = house;
    this.#name = name;
    this.phone = phone;
  }

  get sdp(): string {
    return sdpOf(`${this.#name}${String(this.legs.length)}`);
  }

  get last(): FakeLeg {
    const session = this.legs.at(-1);
    if (session === undefined) throw new Error('it has no call');
    return session.leg;
  }

  /** Answers the call that rings. */
  answer(): void {
    const leg = this.#house.rung;
    this.take(leg);
    leg.says({ kind: 'answered', sdp: this.sdp, contact: leg.target.contact });
  }

  take(leg: FakeLeg): void {
    this.legs.push({ leg, obeyed: 0 });
  }

  dial(dialled: string): void {
    const leg = this.#house.dial(this.phone, dialled, [], () =>
      sdpOf(`${this.#name}${String(this.legs.length + 1)}`),
    );
    this.take(leg);
  }

  /** Obeys what it was told since. */
  obey(): void {
    for (const session of [...this.legs]) {
      const { leg, obeyed } = session;
      session.obeyed = leg.commands.length;
      for (const command of leg.commands.slice(obeyed)) {
        if (command.kind === 'offer') leg.says({ kind: 'offer-answered', sdp: this.sdp });
        else if (command.kind === 'ask-offer') leg.says({ kind: 'offer-made', sdp: this.sdp });
        else if (command.kind === 'refer') this.dial(command.uri.replace('sip:', ''));
      }
    }
  }
}

const settle = async (house: CallHouse, phones: readonly Keeper[]): Promise<void> => {
  for (let i = 0; i < 20; i++) {
    for (const phone of phones) phone.obey();
    await house.clock.advance(0);
  }
};

/** Ada's page talks to Ben's phone. */
async function talking() {
  const house = new CallHouse();
  const ada = house.register('101', undefined, undefined, true);
  const [ben, chloe] = [new Keeper(house, '102', 'ben'), new Keeper(house, '103', 'chloe')];
  const page = house.dial(ada, '102', [], () => sdpOf('ada'));
  ben.answer();
  await house.clock.advance(0);
  const id = house.calls.views(ada.binding.terminal)[0]?.id ?? '';
  return { house, ada, ben, chloe, page, id };
}

const WAYS = {
  'sent on': async ({ chloe, page }: Awaited<ReturnType<typeof talking>>) => {
    page.says(refer('sip:103@example.org'));
    chloe.answer();
  },
  'sent on after asking': async ({ house, ada, chloe, page }: Awaited<ReturnType<typeof talking>>) => {
    const consult = house.dial(ada, '103', [], () => sdpOf('ada2'));
    chloe.answer();
    await house.clock.advance(0);
    page.says(refer('sip:103@example.org', replacesOf(consult)));
  },
  'parked and picked up': async ({ house, ben, chloe, page }: Awaited<ReturnType<typeof talking>>) => {
    page.says(refer('sip:*68@example.org'));
    await settle(house, [ben]);
    chloe.dial('*691');
  },
};

/** Ben, whose phone keeps its path, is joined with Chloe, whose phone does so too. */
async function joined(way: keyof typeof WAYS = 'sent on') {
  const set = await talking();
  const { house, ben, chloe } = set;
  await WAYS[way](set);
  await settle(house, [ben, chloe]);
  return set;
}

const ufragIn = (sdp: string | undefined): string => /^a=ice-ufrag:(\S+)/m.exec(sdp ?? '')?.[1] ?? '';
const openEndpoints = ({ media }: CallHouse): readonly FakeEndpoint[] =>
  media.endpoints.filter(({ closedAs }) => closedAs === undefined);
/** Whose sound it is, by the ufrag. */
const peerOf = ({ offers, answers }: FakeEndpoint): string => ufragIn([...offers, ...answers].at(-1));

const heldBy = (house: CallHouse, { phone }: Keeper) =>
  house.calls.views(phone.binding.terminal).map(({ hold }) => hold);

test.each(Object.keys(WAYS) as (keyof typeof WAYS)[])(
  'two phones that keep their path, one of them %s to the other, each get a session with the server, which passes their sound on',
  async (way) => {
    const { house, ben, chloe, id } = await joined(way);
    for (const { legs } of [ben, chloe]) {
      const states = legs.map(({ leg }) => leg.state);
      expect(states).toEqual([...states.slice(1).fill('over'), 'confirmed']);
    }
    const endpoints = openEndpoints(house);
    expect(endpoints.map(peerOf).sort()).toEqual([ben, chloe].map(({ sdp }) => ufragIn(sdp)));
    expect(house.media.bridges.at(-1)?.members).toEqual(endpoints);
    for (const { phone } of [ben, chloe])
      expect(house.calls.views(phone.binding.terminal)).toMatchObject([{ id, state: 'talking' }]);
  },
);

test('one of them holds and resumes: the other one is offered the same session, and the hold is shown', async () => {
  const { house, ben, chloe } = await joined();
  const [nearUfrag, farUfrag] = [ben, chloe].map(({ last }) => ufragIn(last.told('answer')[0]?.sdp));
  for (const [direction, answered, isHeld] of [
    ['sendonly', 'recvonly', true],
    ['sendrecv', 'sendrecv', false],
  ] as const) {
    ben.last.says({
      kind: 'offered',
      sdp: sdpOf('ben2', direction),
      method: 'INVITE',
    });
    await house.clock.advance(0);
    const offer = offersTo(chloe.last).at(-1);
    expect(offer).toContain(`a=${direction}`);
    expect(ufragIn(offer)).toBe(farUfrag);
    chloe.last.says({ kind: 'offer-answered', sdp: sdpOf('chloe2', answered) });
    await house.clock.advance(0);
    expect(ufragIn(answersTo(ben.last).at(-1))).toBe(nearUfrag);
    expect(heldBy(house, ben)).toEqual([{ here: isHeld, there: false }]);
    expect(heldBy(house, chloe)).toEqual([{ here: false, there: isHeld }]);
  }
  expect([ben, chloe].map(({ last }) => last.told('refer'))).toEqual([[], []]);
});

test('a hold that the other side refuses is refused, and can be tried again', async () => {
  const { house, ben, chloe } = await joined();
  const hold = {
    kind: 'offered',
    sdp: sdpOf('ben2', 'sendonly'),
    method: 'INVITE',
  } as const;
  ben.last.says(hold);
  await house.clock.advance(0);
  chloe.last.says({ kind: 'offer-refused', status: 488 });
  await house.clock.advance(0);
  expect(ben.last.told('refuse-offer')).toMatchObject([{ status: 488 }]);
  ben.last.says(hold);
  await house.clock.advance(0);
  expect(offersTo(chloe.last)).toHaveLength(2);
});

test('a hold that the server cannot pass on is refused, and can be tried again', async () => {
  const { house, ben, chloe } = await joined();
  const far = openEndpoints(house).find((endpoint) => peerOf(endpoint).startsWith('chloe'));
  if (far === undefined) throw new Error('there is no sound for Chloe');
  const offer = far.offer.bind(far);
  far.offer = () => Promise.reject(new Error('there is no socket left'));
  const hold = { kind: 'offered', sdp: sdpOf('ben2', 'sendonly'), method: 'INVITE' } as const;
  ben.last.says(hold);
  await house.clock.advance(0);
  expect(ben.last.told('refuse-offer')).toEqual([{ kind: 'refuse-offer', status: 500 }]);
  far.offer = offer;
  ben.last.says(hold);
  await house.clock.advance(0);
  expect(offersTo(chloe.last)).toHaveLength(1);
});

/** Chloe's phone offers that, and has its answer. */
async function chloeOffers({ house, chloe }: Awaited<ReturnType<typeof joined>>, direction: string) {
  chloe.last.says({
    kind: 'offered',
    sdp: sdpOf('chloe2', direction),
    method: 'INVITE',
  });
  await house.clock.advance(0);
}
const directionsTo = (leg: FakeLeg): readonly string[] =>
  offersTo(leg).map((sdp) => /^a=((?:send|recv|inactive)\S*)\r?$/m.exec(sdp)?.[1] ?? '');

test('the other one holds and resumes: the phone is told by an offer in its own session, so that it shows that', async () => {
  const set = await joined();
  const { house, ben, chloe } = set;
  const [near] = openEndpoints(house);
  const nearUfrag = ufragIn(ben.last.told('answer')[0]?.sdp);
  await chloeOffers(set, 'inactive');
  expect(answersTo(chloe.last)).toHaveLength(1);
  expect(heldBy(house, ben)).toEqual([{ here: false, there: true }]);
  expect(house.media.bridges[0]?.members).toEqual([near]);
  expect(directionsTo(ben.last)).toEqual(['sendonly']);
  ben.last.says({ kind: 'offer-answered', sdp: sdpOf('ben2', 'recvonly') });
  await chloeOffers(set, 'sendrecv');
  expect(heldBy(house, ben)).toEqual([{ here: false, there: false }]);
  expect(directionsTo(ben.last)).toEqual(['sendonly', 'sendrecv']);
  expect(offersTo(ben.last).map(ufragIn)).toEqual([nearUfrag, nearUfrag]);
  ben.last.says({ kind: 'offer-answered', sdp: sdpOf('ben2') });
  await house.clock.advance(0);
  expect(openEndpoints(house)).toHaveLength(2);
  expect(answersTo(chloe.last)).toHaveLength(2);
});

test('one that is slow to say that it knows is told the last word only', async () => {
  const set = await joined();
  const { house, ben } = set;
  for (const direction of ['sendonly', 'sendrecv', 'sendonly', 'sendrecv']) await chloeOffers(set, direction);
  expect(directionsTo(ben.last)).toEqual(['sendonly']);
  ben.last.says({ kind: 'offer-answered', sdp: sdpOf('ben2', 'recvonly') });
  await house.clock.advance(0);
  expect(directionsTo(ben.last)).toEqual(['sendonly', 'sendrecv']);
});

test('one that refuses to be told is held all the same, and is told the next time', async () => {
  const set = await joined();
  const { house, ben } = set;
  await chloeOffers(set, 'sendonly');
  ben.last.says({ kind: 'offer-refused', status: 488 });
  await house.clock.advance(0);
  expect(heldBy(house, ben)).toEqual([{ here: false, there: true }]);
  expect(directionsTo(ben.last)).toEqual(['sendonly']);
  await chloeOffers(set, 'sendrecv');
  expect(directionsTo(ben.last)).toEqual(['sendonly', 'sendrecv']);
});

test('both hold and resume, each in the middle of the other: both are shown, and neither is lost', async () => {
  const set = await joined();
  const { house, ben, chloe } = set;
  await chloeOffers(set, 'sendonly');
  ben.last.says({ kind: 'offer-answered', sdp: sdpOf('ben2', 'recvonly') });
  ben.last.says({
    kind: 'offered',
    sdp: sdpOf('ben2', 'inactive'),
    method: 'INVITE',
  });
  await house.clock.advance(0);
  chloe.last.says({ kind: 'offer-answered', sdp: sdpOf('chloe2', 'inactive') });
  await house.clock.advance(0);
  expect(heldBy(house, ben)).toEqual([{ here: true, there: true }]);
  expect(directionsTo(ben.last)).toEqual(['sendonly']);
  await chloeOffers(set, 'recvonly');
  expect(heldBy(house, ben)).toEqual([{ here: true, there: false }]);
  expect(directionsTo(ben.last)).toEqual(['sendonly', 'sendrecv']);
});

test('a key that one presses in its sound is told to the other', async () => {
  const { house, ben, chloe } = await joined();
  const [near, far] = openEndpoints(house);
  near?.press('5');
  far?.press('#');
  expect([chloe.last, ben.last].map((leg) => leg.told('info').map(({ body }) => body))).toEqual([
    ['Signal=5\r\nDuration=100\r\n'],
    ['Signal=#\r\nDuration=100\r\n'],
  ]);
});

test('when one hangs up, the call and its sound are over', async () => {
  const { house, ben, chloe } = await joined();
  chloe.last.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect(ben.last.state).toBe('over');
  expect([house.calls.size, openEndpoints(house)]).toEqual([0, []]);
});

test('a phone that offers no sound is refused, one whose call is over meanwhile for now', async () => {
  const set = await talking();
  const { house, ben, chloe, id } = set;
  await WAYS['sent on'](set);
  chloe.obey();
  ben.last.says({ kind: 'offer-answered', sdp: ben.sdp });
  await house.clock.advance(0);
  const anew = (sdp: string): FakeLeg => house.dial(ben.phone, `${id}@example.org`, [], () => sdp);
  const silent = anew(sdpOf('ben2').replace('audio 9', 'audio 0'));
  await house.clock.advance(0);
  expect(refusalOf(silent)?.[0]).toBe(488);
  const late = anew(sdpOf('ben3'));
  chloe.last.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect(refusalOf(late)?.[0]).toBe(491);
});

test('after a restart both are asked to call once more, and hear each other again', async () => {
  const { house, ben, chloe } = await joined();
  const stored = house.store.saved.at(-1);
  if (stored === undefined) throw new Error('the call was not stored');
  const after = new CallHouse();
  after.calls.restore([stored]);
  const back = [chloe, ben].map(({ phone: { binding } }, side) => {
    const number = side === 0 ? '103' : '102';
    const phone = new Keeper(after, number, number, after.register(number, binding.key, binding.contact));
    const leg = after.userAgent.restored[side];
    if (leg !== undefined) phone.take(leg);
    return phone;
  });
  await settle(after, back);
  expect(back.map(({ legs }) => legs.length)).toEqual([2, 2]);
  expect(openEndpoints(after).map(peerOf).sort()).toEqual(back.map(({ sdp }) => ufragIn(sdp)).sort());
  expect(after.media.bridges.at(-1)?.members).toEqual(openEndpoints(after));
});

test('after a restart a page on the other side is not asked: it follows', async () => {
  const { house, ben, chloe, ada } = await joined();
  chloe.last.says(refer('sip:101@example.org'));
  const page = house.rung;
  page.says({
    kind: 'answered',
    sdp: sdpOf('ada3'),
    contact: ada.binding.contact,
  });
  await settle(house, [ben]);
  page.says({ kind: 'offer-answered', sdp: sdpOf('ada3') });
  await house.clock.advance(0);
  expect(house.store.saved.at(-1)).toMatchObject({
    caller: { number: '101' },
    callee: { recalled: true },
  });
  expect(house.store.saved.at(-1)?.caller).not.toHaveProperty('recalled');
});
