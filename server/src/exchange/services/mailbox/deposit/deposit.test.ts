import { type CallId, terminalId, type VoicemailEvent } from '@perch/shared';
import { expect, test } from 'vitest';
import { type FakeEndpoint, FakeMediaEngine } from '../../../../media/support/fake-media.ts';
import { oggOpusBody, oggOpusHead } from '../../../../media/ogg/ogg-opus-writer.ts';
import { ada, MailboxHouse } from '../../../voicemail/support/test-mailboxes.ts';
import { Mailboxes } from '../../../voicemail/mailboxes.ts';
import type { MailboxStore, Recordings } from '../../../voicemail/ports.ts';
import { powerCut } from '../../../voicemail/support/power-cut.ts';
import type { FakeLeg } from '../../../../sip/user-agent/support/fake-leg.ts';
import { AUDIO, incomingFrom } from '../../support/incoming-calls.ts';
import { depositService } from './service.ts';
import { everyoneIn } from '../../support/languages.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** The length in the fake engine of the default greeting (three digits and a sentence), and of the tone. */
const GREETING_MS = 4 * SECOND;
const BEEP_MS = SECOND;

/** A house in which Ben and others call Ada's mailbox. */
class DepositHouse extends MailboxHouse {
  readonly engine = new FakeMediaEngine(this.clock);
  readonly languages = everyoneIn('en');

  /** The disk can be another than the house's own, such as one whose power is cut. */
  async deposits(disk: { store: MailboxStore; recordings: Recordings } = this.ports) {
    const ports = { ...this.ports, ...disk };
    const mailboxes = await Mailboxes.open(ports);
    const heard = new Map<CallId, VoicemailEvent[]>();
    const deposits = depositService({
      ...{ mailboxes, recordings: ports.recordings, journal: ports.journal, clock: this.clock },
      newId: () => this.newId(),
      happened: (happening) => {
        if (happening.kind === 'voicemail-event') heard.get(happening.call)?.push(happening.event);
      },
    });
    /** Ben calls Ada, who does not answer. */
    const call = (sdp = AUDIO) => {
      const callee = this.directory.byId(ada);
      if (!callee) throw new Error('there is no callee');
      const { leg, incoming } = incomingFrom(terminalId('terminal-102'), '102', 'Ben', sdp);
      const told: VoicemailEvent[] = [];
      heard.set(incoming.id, told);
      deposits.take(incoming, { name: 'deposit', callee, reason: 'no-answer' }, this);
      return { id: incoming.id, leg, told, endpoint: this.engine.last };
    };
    /** The same, answered and acknowledged. */
    const greeted = async () => {
      const caller = call();
      await this.clock.advance(0);
      caller.leg.says({ kind: 'acknowledged' });
      await this.clock.advance(0);
      return caller;
    };
    /** Ben's call is joined with Ada's mailbox. */
    const join = () => {
      const callee = this.directory.byId(ada);
      if (!callee) throw new Error('there is no callee');
      const { incoming: visit } = incomingFrom(terminalId('terminal-102'), '102', 'Ben');
      const told: VoicemailEvent[] = [];
      heard.set(visit.id, told);
      const end = deposits.join(visit, 'mailbox', { name: 'deposit', callee, reason: 'busy' }, this);
      if (!end) throw new Error('the mailbox was not joined');
      const events: string[] = [];
      end.listen((event) => events.push(event.kind));
      return { end, told, events };
    };
    /** The same, after the tone. */
    const recording = async () => {
      const caller = await greeted();
      await this.clock.advance(GREETING_MS + BEEP_MS);
      return caller;
    };
    return { mailboxes, call, greeted, recording, join };
  }

  /** Speaks for that long. */
  async speak(endpoints: FakeEndpoint | readonly FakeEndpoint[], ms: number): Promise<void> {
    for (let at = 0; at < ms; at += 20) {
      const sequence = Math.round(this.clock.now() / 20);
      const payload = new Uint8Array(20).fill(31 << 3, 0, 1); // CELT, 20 ms
      for (const endpoint of [endpoints].flat())
        endpoint.speak({
          sequence: sequence & 0xffff,
          timestamp: (sequence * 960) >>> 0,
          payload,
          level: 20,
        });
      await this.clock.advance(20);
    }
  }

  /** Timers besides the hourly tidying. */
  get timers(): number {
    return this.clock.pending - 1;
  }
}

/** What the page has been told, abbreviated. */
const inWords = (told: readonly VoicemailEvent[]): string[] =>
  told.map((event) => {
    switch (event.kind) {
      case 'opened':
        return `${event.service} ${event.mailbox.number} ${event.mailbox.name}`;
      case 'prompt':
        return event.text === ''
          ? event.utterance.map((part) => 'prompt' in part && part.prompt).join()
          : event.text;
      case 'keys':
        return event.keys.map(({ key, action }) => `${key} ${action}`).join() || 'no keys';
      case 'recording':
        return `recording ${event.what} for ${String(event.longestMs / SECOND)} s`;
      default:
        return event.kind;
    }
  });

const NOTHING_NOW = 'Messages cannot be recorded at the moment. Please call again later.';

test('a message is left: greeted, recorded after the tone, saved, thanked for, and hung up by the server', async () => {
  const house = new DepositHouse();
  const { mailboxes, greeted } = await house.deposits();
  const { leg, told, endpoint } = await greeted();
  expect(leg.told('answer')).toHaveLength(1);
  expect(endpoint.playing).toEqual(['digit-1', 'digit-0', 'digit-1', 'leave-message']);
  await house.clock.advance(GREETING_MS + BEEP_MS);
  const began = house.clock.now();
  expect(told.at(-2)).toMatchObject({ kind: 'recording', since: began });
  await house.speak(endpoint, 3_000);
  const written = house.store.holdUp();
  endpoint.press('#');
  await house.clock.advance(100);
  expect([endpoint.playing, mailboxes.messages(ada)]).toEqual([[], []]);
  written();
  await house.clock.advance(0);
  expect(endpoint.playing).toEqual(['message-saved']);
  expect(mailboxes.messages(ada)).toMatchObject([
    {
      ...{ extension: ada, from: { number: '102', name: 'Ben' }, at: began - BEEP_MS, durationMs: 3_000 },
      ...{ reason: 'no-answer', heard: false, deletedAt: null },
    },
  ]);
  expect(house.recordings.kept).toEqual(mailboxes.messages(ada).map(({ id }) => id));
  expect(leg.told('end')).toEqual([]);
  await house.clock.advance(SECOND);
  expect(leg.told('end')).toEqual([
    { kind: 'end', reason: { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' } },
  ]);
  expect(inWords(told)).toEqual([
    'deposit 101 Ada',
    '101 is not available. Please leave a message after the tone, and press the hash key when you are done.',
    '# skip',
    'no keys',
    'beep',
    'recording message for 300 s',
    '# finish-recording',
    'no keys',
    'Thank you. Your message has been saved. Goodbye.',
    'closed',
  ]);
  expect(house.journal).toEqual(['ada kept']);
  expect([endpoint.closedAs, house.timers]).toEqual(['local', 0]);
});

test('the owner’s own greeting is played in place of the default', async () => {
  const house = new DepositHouse();
  const { mailboxes, greeted } = await house.deposits();
  const id = house.newId();
  const file = await house.recordings.begin({ kind: 'greeting', id, extension: ada });
  const frames = Array.from({ length: 50 }, () => Uint8Array.of(31 << 3, 1));
  file.write(Buffer.concat([oggOpusHead([]), oggOpusBody(frames)]));
  await file.keep();
  await mailboxes.setGreeting(ada, { id, durationMs: SECOND, at: 1 });
  const { told, endpoint } = await greeted();
  expect(endpoint.playing).toMatchObject([{ opus: { length: 50 } }]);
  expect(inWords(told)).toEqual(['deposit 101 Ada', 'greeting', '# skip']);
  await house.clock.advance(SECOND);
  expect(endpoint.playing).toEqual(['beep']);
});

test('# skips the greeting, also before it has begun', async () => {
  const house = new DepositHouse();
  const { greeted, call } = await house.deposits();
  const { endpoint } = await greeted();
  await house.clock.advance(500);
  endpoint.press('#');
  await house.clock.advance(0);
  expect(endpoint.playing).toEqual(['beep']);
  const hasty = call();
  await house.clock.advance(0);
  hasty.leg.says({ kind: 'acknowledged' });
  hasty.endpoint.press('#');
  await house.clock.advance(0);
  expect(hasty.endpoint.heard).toEqual(['beep']);
});

test('the end of a greeting that was skipped is not taken for the end of the tone', async () => {
  const house = new DepositHouse();
  const { call } = await house.deposits();
  const { leg, told, endpoint } = call();
  const ends: (() => void)[] = [];
  endpoint.play = () =>
    new Promise((resolve) => {
      ends.push(() => {
        resolve(false);
      });
    });
  await house.clock.advance(0);
  leg.says({ kind: 'acknowledged' });
  await house.clock.advance(0);
  endpoint.press('#');
  await house.clock.advance(0);
  ends[0]?.();
  await house.clock.advance(0);
  expect(inWords(told).at(-1)).toBe('beep');
  ends[1]?.();
  await house.clock.advance(0);
  expect(inWords(told).at(-1)).toBe('# finish-recording');
});

test('what is said before the tone has ended is not recorded', async () => {
  const house = new DepositHouse();
  const { mailboxes, greeted } = await house.deposits();
  const { endpoint } = await greeted();
  await house.speak(endpoint, GREETING_MS + BEEP_MS);
  await house.speak(endpoint, 2_000);
  endpoint.press('#');
  await house.clock.advance(0);
  expect(mailboxes.messages(ada)[0]?.durationMs).toBe(2_000);
});

test('a caller whose sound never connects is told the same at the same times, and leaves nothing', async () => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { leg, told, endpoint } = await recording();
  expect(endpoint.connected).toBe(false);
  await house.clock.advance(8 * SECOND - 1);
  expect(inWords(told).at(-1)).toBe('# finish-recording');
  await house.clock.advance(1);
  expect(inWords(told).at(-1)).toBe('Nothing was recorded. Goodbye.');
  await house.clock.advance(SECOND);
  expect(leg.told('end')).toHaveLength(1);
  expect([mailboxes.messages(ada), house.recordings.kept, house.recordings.underWay]).toEqual([[], [], []]);
  expect(house.journal).toEqual(['ada too-short']);
});

test('eight seconds of silence end a message', async () => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { endpoint } = await recording();
  await house.speak(endpoint, 2_000);
  await house.clock.advance(8 * SECOND);
  expect(endpoint.heard.at(-1)).toBe('message-saved');
  expect(mailboxes.messages(ada)).toHaveLength(1);
});

test('a message lasts five minutes at most, and a caller who speaks longer is told', async () => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { endpoint } = await recording();
  await house.speak(endpoint, 5 * MINUTE);
  expect(endpoint.playing).toEqual(['message-at-limit']);
  expect(mailboxes.messages(ada)[0]?.durationMs).toBe(5 * MINUTE);
});

test.for([0, 980])('after %i ms of sound, # is told that nothing was recorded', async (ms) => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { endpoint } = await recording();
  await house.speak(endpoint, ms);
  endpoint.press('#');
  await house.clock.advance(0);
  expect(endpoint.playing).toEqual(['nothing-recorded']);
  expect([mailboxes.messages(ada), house.recordings.kept, house.recordings.underWay]).toEqual([[], [], []]);
});

type Vanish = (caller: { leg: FakeLeg; endpoint: FakeEndpoint }) => void;
const vanishings: readonly [string, Vanish][] = [
  ['hangs up', ({ leg }) => leg.says({ kind: 'ended', by: 'peer' })],
  ['is gone with the flow', ({ leg }) => leg.says({ kind: 'ended', by: 'transport' })],
  ['lets the session expire', ({ leg }) => leg.says({ kind: 'ended', by: 'session-expired' })],
  ['closes the page', ({ endpoint }) => endpoint.lose('peer-closed')],
  ['is heard no more', ({ endpoint }) => endpoint.lose('timeout')],
];

test.for(vanishings)('a caller who %s leaves a complete message of what was said', async ([, vanish]) => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const caller = await recording();
  await house.speak(caller.endpoint, 2_000);
  vanish(caller);
  await house.clock.advance(0);
  expect(mailboxes.messages(ada)).toMatchObject([{ durationMs: 2_000 }]);
  expect(house.recordings.kept).toEqual(mailboxes.messages(ada).map(({ id }) => id));
  expect(inWords(caller.told).slice(-2)).toEqual(['closed', 'kept']);
  expect([house.journal, house.timers]).toEqual([['ada kept'], 0]);
});

test.for([0, 500, GREETING_MS + 500, GREETING_MS + BEEP_MS, GREETING_MS + BEEP_MS + 500])(
  'a caller who hangs up %i ms after the beginning leaves nothing',
  async (ms) => {
    const house = new DepositHouse();
    const { mailboxes, greeted } = await house.deposits();
    const { leg, told } = await greeted();
    await house.clock.advance(ms);
    leg.says({ kind: 'ended', by: 'peer' });
    await house.clock.advance(MINUTE);
    expect([mailboxes.messages(ada), house.recordings.kept, house.recordings.underWay]).toEqual([[], [], []]);
    expect(inWords(told).filter((words) => words === 'closed')).toHaveLength(1);
    expect([house.journal, house.timers]).toEqual([['ada too-short'], 0]);
  },
);

test('a caller who cancels before the answer leaves no trace, and an offer without sound is refused', async () => {
  const house = new DepositHouse();
  const { call } = await house.deposits();
  const cancelled = call();
  cancelled.leg.says({ kind: 'cancelled' });
  const silent = call('v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n');
  await house.clock.advance(0);
  expect(silent.leg.told('reject')).toMatchObject([{ kind: 'reject', status: 488 }]);
  expect([cancelled.told, silent.told, house.journal, house.timers]).toEqual([[], [], [], 0]);
});

test.for([
  ['hangs up', (leg: FakeLeg) => leg.says({ kind: 'ended', by: 'peer' }), []],
  ['waits', () => undefined, ['beep']],
] as const)('the recording is being begun, and the caller %s', async ([, act, playing]) => {
  const house = new DepositHouse();
  const { greeted } = await house.deposits();
  const { leg, endpoint } = await greeted();
  const begun = house.recordings.holdUp();
  await house.clock.advance(GREETING_MS + SECOND);
  expect(endpoint.playing).toEqual([]);
  act(leg);
  begun();
  await house.clock.advance(0);
  expect(endpoint.playing).toEqual(playing);
  expect(house.recordings.underWay).toHaveLength(playing.length);
});

test.for([
  ['# and then hangs up', ['#', 'bye']],
  ['hangs up and then #', ['bye', '#']],
  ['# twice', ['#', '#']],
] as const)('in one turn: %s: one message', async ([, acts]) => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { leg, endpoint } = await recording();
  await house.speak(endpoint, 2_000);
  for (const act of acts) {
    if (act === '#') endpoint.press('#');
    else leg.says({ kind: 'ended', by: 'peer' });
  }
  await house.clock.advance(MINUTE);
  expect(mailboxes.messages(ada)).toHaveLength(1);
  expect([house.journal, house.timers]).toEqual([['ada kept'], 0]);
});

test.for<[string, (house: DepositHouse) => void]>([
  ['the store', (house) => void (house.store.broken = true)],
  ['the disk', (house) => void (house.recordings.broken = true)],
])(
  '%s fails when a message is kept: a caller who is still there is told so, and nothing is left',
  async ([, fail]) => {
    const house = new DepositHouse();
    const { mailboxes, recording } = await house.deposits();
    const { told, endpoint } = await recording();
    await house.speak(endpoint, 2_000);
    fail(house);
    endpoint.press('#');
    await house.clock.advance(0);
    expect(inWords(told).at(-1)).toBe(NOTHING_NOW);
    expect([mailboxes.messages(ada), house.recordings.kept, house.recordings.underWay]).toEqual([[], [], []]);
    expect(house.journal).toEqual(['Error: the disk is broken', 'ada failed']);
  },
);

test.for<[string, (house: DepositHouse) => void]>([
  ['the store', (house) => void (house.store.broken = true)],
  ['the disk', (house) => void (house.recordings.broken = true)],
])('%s fails when a message is kept: of a caller who is gone, the next start keeps it', async ([, fail]) => {
  const house = new DepositHouse();
  const { recording } = await house.deposits();
  const { id, leg, endpoint } = await recording();
  await house.speak(endpoint, 2_000);
  fail(house);
  leg.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  expect(house.journal).toEqual(['Error: the disk is broken', 'ada failed']);
  expect(house.ofCalls).toEqual([id, id]);
  house.store.broken = house.recordings.broken = false;
  house.recordings = house.recordings.afterCrash();
  expect((await house.open()).messages(ada)).toHaveLength(1);
});

test.for<[string, (house: DepositHouse) => void, string[], string]>([
  ['the disk is full', (house) => void (house.recordings.full = true), ['no-recording-now'], 'ada disk-full'],
  [
    'no recording can be begun',
    (house) => void (house.recordings.broken = true),
    ['no-recording-now'],
    'ada failed',
  ],
  [
    'the mailbox is full',
    (house) => void (house.limits = { ...house.limits, messages: 0 }),
    ['digit-1', 'digit-0', 'digit-1', 'mailbox-full'],
    'ada mailbox-full',
  ],
])('%s: said at once, and hung up', async ([, spoil, words, journal]) => {
  const house = new DepositHouse();
  spoil(house);
  const { greeted } = await house.deposits();
  const { leg, endpoint } = await greeted();
  if (house.recordings.broken) await house.clock.advance(GREETING_MS);
  expect(endpoint.playing).toEqual(words);
  expect(house.journal.at(-1)).toBe(journal);
  await house.clock.advance(GREETING_MS);
  expect(leg.told('end')).toHaveLength(1);
  expect([house.recordings.kept, house.recordings.underWay, house.timers]).toEqual([[], [], 0]);
});

test('of two callers for the last place, one leaves a message; if it is too short, the next caller may', async () => {
  const house = new DepositHouse();
  house.limits = { ...house.limits, messages: 1 };
  const { greeted } = await house.deposits();
  const first = await greeted();
  const second = await greeted();
  expect(second.endpoint.playing.at(-1)).toBe('mailbox-full');
  first.leg.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  const third = await greeted();
  expect(third.endpoint.playing.at(-1)).toBe('leave-message');
});

test('two who record at the limit of minutes share them, and both are kept', async () => {
  const house = new DepositHouse();
  house.limits = { ...house.limits, totalMs: 20 * SECOND };
  const { mailboxes, recording, greeted } = await house.deposits();
  const callers = await Promise.all([recording(), recording()]);
  const endpoints = callers.map(({ endpoint }) => endpoint);
  await house.speak(endpoints, 10 * SECOND);
  for (const { told } of callers)
    expect(inWords(told).at(-1)).toBe('Your message is as long as it can be, and has been saved. Goodbye.');
  expect(mailboxes.messages(ada).map(({ durationMs }) => durationMs)).toEqual([10 * SECOND, 10 * SECOND]);
  expect((await greeted()).endpoint.playing.at(-1)).toBe('mailbox-full');
});

test('a kept message takes its room once: a caller who is still recording has the rest', async () => {
  const house = new DepositHouse();
  house.limits = { ...house.limits, totalMs: 16 * SECOND };
  const { mailboxes, recording } = await house.deposits();
  const [first, second] = await Promise.all([recording(), recording()]);
  await house.speak([first.endpoint, second.endpoint], 6 * SECOND);
  first.endpoint.press('#');
  await house.speak(second.endpoint, 4 * SECOND);
  expect(mailboxes.messages(ada).map(({ durationMs }) => durationMs)).toEqual([10 * SECOND, 6 * SECOND]);
});

test('a caller who is still being greeted when others have filled the mailbox is told so', async () => {
  const house = new DepositHouse();
  house.limits = { ...house.limits, totalMs: 3 * SECOND };
  const { recording, greeted } = await house.deposits();
  const first = await recording();
  const second = await greeted();
  await house.speak(first.endpoint, GREETING_MS);
  expect(second.endpoint.playing.at(-1)).toBe('mailbox-full');
  expect(house.journal).toEqual(['ada kept', 'ada mailbox-full']);
});

test('the owner is deleted while a caller records: nothing is kept, and the caller is told', async () => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { told, endpoint } = await recording();
  await house.speak(endpoint, 2_000);
  house.directory.delete(ada);
  await mailboxes.forget(ada);
  endpoint.press('#');
  await house.clock.advance(0);
  expect(inWords(told).at(-1)).toBe(NOTHING_NOW);
  expect([house.recordings.kept, house.recordings.underWay]).toEqual([[], []]);
});

test('the owner is suspended while a caller records: the message waits', async () => {
  const house = new DepositHouse();
  const { mailboxes, recording } = await house.deposits();
  const { endpoint } = await recording();
  await house.speak(endpoint, 2_000);
  const owner = house.directory.byId(ada);
  if (owner) house.directory.set({ ...owner, suspended: true });
  endpoint.press('#');
  await house.clock.advance(0);
  expect(mailboxes.messages(ada)).toHaveLength(1);
});

test('a disk becomes full while a caller speaks: said within seconds, and hung up', async () => {
  const house = new DepositHouse();
  const { recording } = await house.deposits();
  const { leg, endpoint, told } = await recording();
  await house.speak(endpoint, 3 * SECOND);
  house.recordings.losing = true;
  await house.speak(endpoint, 1.5 * SECOND);
  expect(told).toContainEqual(expect.objectContaining({ utterance: [{ prompt: 'no-recording-now' }] }));
  expect(house.journal.at(-1)).toBe('ada failed');
  await house.clock.advance(GREETING_MS);
  expect(leg.told('end')).toHaveLength(1);
  expect([house.recordings.kept, house.recordings.underWay, house.timers]).toEqual([[], [], 0]);
});

test('the 501st simultaneous caller is refused, and served when one has left', async () => {
  const house = new DepositHouse();
  house.limits = { ...house.limits, messages: 1_000 };
  const { call } = await house.deposits();
  const callers = Array.from({ length: 501 }, () => call());
  await house.clock.advance(0);
  expect(callers.filter(({ leg }) => leg.told('answer').length === 1)).toHaveLength(500);
  expect(callers.at(-1)?.leg.told('reject')).toMatchObject([{ status: 503 }]);
  callers[0]?.leg.says({ kind: 'ended', by: 'peer' });
  await house.clock.advance(0);
  const next = call();
  await house.clock.advance(0);
  expect(next.leg.told('answer')).toHaveLength(1);
});

/** Begin, keep and insert, after the salvage of the start. */
test.for([0, 1, 2, 3, 4])(
  'the process is killed %i changes of the disk after its start: a message is there with its recording, or not at all',
  async (steps) => {
    const house = new DepositHouse();
    const { recording } = await house.deposits(powerCut(1 + steps, house.ports));
    const { endpoint } = await recording();
    await house.speak(endpoint, 3_000);
    endpoint.press('#');
    await house.clock.advance(0);
    house.recordings = house.recordings.afterCrash();
    const mailboxes = await house.open();
    const ids = mailboxes.messages(ada).map(({ id }) => id);
    expect(ids).toHaveLength(steps === 0 ? 0 : 1);
    expect(house.recordings.kept).toEqual(ids);
    expect((await house.store.load()).messages.map(({ id }) => id)).toEqual(ids);
    // No caller was thanked for a message that is not there.
    if (endpoint.heard.includes('message-saved')) expect(ids).toHaveLength(1);
  },
);

/** A session of a phone, by its certificate. */
const sessionOf = (fingerprint: string): string => `${AUDIO}a=fingerprint:sha-256 ${fingerprint}\r\n`;

test('a call under way is joined with the mailbox: the message goes on in the session of another phone', async () => {
  const house = new DepositHouse();
  const { mailboxes, join } = await house.deposits();
  const { end, told, events } = join();
  end.offer(sessionOf('AA'));
  await house.clock.advance(0);
  expect([events, told]).toEqual([['offer-answered'], []]);
  const first = house.engine.last;
  first.connect();
  await house.clock.advance(SECOND);
  expect(first.playing).toEqual(['digit-1', 'digit-0', 'digit-1', 'leave-message']);
  // Loaded anew in the middle of the greeting: it is heard from its beginning.
  end.offer(sessionOf('BB'));
  await house.clock.advance(0);
  const second = house.engine.last;
  expect([first.closedAs, second.playing]).toEqual([
    'local',
    ['digit-1', 'digit-0', 'digit-1', 'leave-message'],
  ]);
  second.connect();
  end.info('application/dtmf-relay', 'Signal=#\r\nDuration=100');
  await house.clock.advance(BEEP_MS);
  await house.speak(second, 2_000);
  end.offer(sessionOf('CC'));
  await house.clock.advance(0);
  await house.speak(house.engine.last, 2_000);
  house.engine.last.press('#');
  await house.clock.advance(100);
  expect(mailboxes.messages(ada)).toMatchObject([
    { from: { number: '102' }, durationMs: 4_000, reason: 'busy' },
  ]);
  expect(house.engine.last.playing).toEqual(['message-saved']);
  await house.clock.advance(SECOND);
  expect([end.state, events.at(-1), told.at(-1)?.kind]).toEqual(['over', 'ended', 'closed']);
  expect([house.engine.endpoints.every(({ closedAs }) => closedAs === 'local'), house.timers]).toEqual([
    true,
    0,
  ]);
});

test('a joined caller whose sound never connects gets the same dialogue; one who hangs up before it is heard leaves nothing', async () => {
  const house = new DepositHouse();
  const { join } = await house.deposits();
  const mute = join();
  mute.end.offer(sessionOf('AA'));
  await house.clock.advance(2 * SECOND);
  expect(mute.told.map(({ kind }) => kind)).toEqual(['opened', 'prompt', 'keys']);
  mute.end.end();
  const gone = join();
  gone.end.askOffer();
  await house.clock.advance(0);
  gone.end.acceptOffer(sessionOf('AA'));
  await house.clock.advance(0);
  gone.end.end();
  await house.clock.advance(0);
  expect([gone.told, gone.events, house.timers]).toEqual([[], ['offer-made', 'ended'], 0]);
});
