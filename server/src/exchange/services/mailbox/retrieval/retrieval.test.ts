import type { CallId, VoicemailEvent } from '@perch/shared';
import { expect, test } from 'vitest';
import type { Playable } from '../../../../media/endpoint.ts';
import { type FakeEndpoint, FakeMediaEngine } from '../../../../media/support/fake-media.ts';
import type { FakeLeg } from '../../../../sip/user-agent/support/fake-leg.ts';
import { terminal } from '../../../support/test-desk.ts';
import { id, openVisitorsHouse, pinOf } from '../../../voicemail/support/visitors.ts';
import type { Happened } from '../../../happenings.ts';
import { AUDIO, incomingFrom } from '../../support/incoming-calls.ts';
import { retrievalService } from './service.ts';
import { everyoneIn } from '../../support/languages.ts';

/** 101 has two messages, of 2 and 3 seconds: the newest is from 103. */
async function openMailbox() {
  const house = await openVisitorsHouse();
  const { clock, leave } = house;
  const older = await leave('101', '102', 2_000);
  const newer = await leave('101', '103', 3_000);
  const engine = new FakeMediaEngine(clock);
  const { pinDesk: pins, where, stays, directory, mailboxes, recordings, newId } = house;
  const journal = house.ports.journal;
  const heard = new Map<CallId, VoicemailEvent[]>();
  const happened: Happened = (happening) => {
    if (happening.kind === 'voicemail-event') heard.get(happening.call)?.push(happening.event);
  };
  const retrieval = retrievalService({
    ...{ pins, where, stays, directory, mailboxes, recordings, newId, journal, clock, happened },
  });
  /** The phone of `on` dials `*97`, and is not answered yet. */
  const call = (on: string, sdp = AUDIO) => {
    const { leg, incoming } = incomingFrom(terminal(on), on, on, sdp);
    const told: VoicemailEvent[] = [];
    heard.set(incoming.id, told);
    retrieval.take(incoming, { name: 'voicemail' }, { engine, clock, languages: everyoneIn('en') });
    return { leg, told };
  };
  /** The same, answered and acknowledged, but without sound. */
  const dialMute = async (on: string, sdp = AUDIO) => {
    const { leg, told } = call(on, sdp);
    await clock.advance(0);
    leg.says({ kind: 'acknowledged' });
    await clock.advance(0);
    const endpoint = engine.last;
    /** Presses keys, and lets everything that needs no time happen. */
    const press = async (keys: string) => {
      endpoint.press(keys);
      await clock.advance(0);
    };
    /** The caller speaks for that long. */
    const speak = async (ms: number) => {
      for (let at = 0; at < ms; at += 20) {
        const sequence = at / 20;
        endpoint.speak({
          sequence,
          timestamp: sequence * 960,
          payload: Uint8Array.of(0xf8, 1, 2),
          level: 20,
        });
        await clock.advance(20);
      }
    };
    return { leg, told, endpoint, press, speak };
  };
  const dial = async (on: string, sdp = AUDIO) => {
    const visit = await dialMute(on, sdp);
    visit.endpoint.connect();
    return visit;
  };
  return { ...house, engine, older, newer, call, dialMute, dial };
}

/** What the page has been told, abbreviated. */
const inWords = (told: readonly VoicemailEvent[]): string[] =>
  told.map((event) => {
    switch (event.kind) {
      case 'opened':
        return `${event.service} of ${event.mailbox.number}`;
      case 'prompt':
        return event.text;
      case 'keys':
        return `[${event.keys.map(({ key }) => key).join('')}]`;
      case 'digit':
        return '•'.repeat(event.entered);
      case 'tries-left':
        return `${String(event.tries)} left`;
      case 'playing':
        return `plays ${String(event.position)} of ${String(event.of)}: ${event.message.from.number}`;
      case 'recording':
        return `records a ${event.what}`;
      default:
        return event.kind;
    }
  });

/** What is being played: sounds by their names, recordings by their lengths. */
const playing = (endpoint: FakeEndpoint): (string | number)[] =>
  endpoint.playing.map((sound: Playable) => (typeof sound === 'string' ? sound : sound.opus.length * 20));

test('at home: counted out, announced, played, offered, deleted, and goodbye', async () => {
  const { clock, dial, mailboxes, older, newer } = await openMailbox();
  const { leg, told, endpoint, press } = await dial('101');
  expect(playing(endpoint)).toEqual(['you-have', 'digit-2', 'new-messages']);
  await clock.advance(3_000);
  expect(playing(endpoint)).toEqual(['new-message-from', 'digit-1', 'digit-0', 'digit-3']);
  await clock.advance(4_000);
  expect(playing(endpoint)).toEqual([3_000]);
  await clock.advance(2_999);
  expect(mailboxes.counts(id('101'))).toEqual({ new: 2, heard: 0 });
  await clock.advance(1);
  expect(mailboxes.counts(id('101'))).toEqual({ new: 1, heard: 1 });
  expect(playing(endpoint)).toEqual(['message-menu']);
  await press('3');
  expect(mailboxes.messages(id('101')).map((message) => message.id)).toEqual([older.id]);
  expect(playing(endpoint)).toEqual(['message-deleted', 'new-message-from', 'digit-1', 'digit-0', 'digit-2']);
  await press('2');
  await press('*');
  await clock.advance(1_000);
  expect(leg.told('end')).toEqual([
    { kind: 'end', reason: { protocol: 'Q.850', cause: 16, text: 'Normal call clearing' } },
  ]);
  expect(inWords(told)).toEqual([
    ...['retrieval of 101', 'You have 2 new messages', '[20*]'],
    ...['New message from 103', '[12340*]', 'plays 1 of 2: 103'],
    'To hear the message again, press 1. Next, 2. Delete, 3. Call back, 4. To record your greeting, 0. To leave, star.',
    'Deleted. New message from 102',
    ...['There are no more messages. To record your greeting, press 0. To leave, star.', '[0*]'],
    ...['Goodbye.', '[]', 'closed'],
  ]);
  expect(endpoint.closedAs).toBe('local');
  expect(clock.pending).toBe(1); // the mailboxes' own
  expect(await mailboxes.restore(id('101'), newer.id)).toBe(true);
});

test('a key interrupts at once, whatever is being said or played', async () => {
  const { clock, dial } = await openMailbox();
  const { endpoint, press } = await dial('101');
  for (const sounds of [
    ['new-message-from', 'digit-1', 'digit-0', 'digit-3'],
    ['new-message-from', 'digit-1', 'digit-0', 'digit-2'],
  ]) {
    await press('2');
    expect(playing(endpoint)).toEqual(sounds);
    expect(endpoint.utterances.at(-2)?.outcome).toBe('interrupted');
  }
  await clock.advance(4_500);
  expect(playing(endpoint)).toEqual([2_000]);
  await press('1');
  expect(endpoint.utterances.at(-2)?.outcome).toBe('interrupted');
  await clock.advance(1_999);
  expect(playing(endpoint)).toEqual([2_000]);
});

test('keys by INFO do the same', async () => {
  const { clock, dial } = await openMailbox();
  const { leg, endpoint } = await dial('101');
  leg.says({ kind: 'info', contentType: 'application/dtmf-relay', body: 'Signal=2\r\nDuration=100' });
  await clock.advance(0);
  expect(playing(endpoint)[0]).toBe('new-message-from');
});

test('4 has the phone call back, says so once the phone has agreed, then hangs up', async () => {
  const { clock, dial } = await openMailbox();
  const { leg, endpoint, press } = await dial('101');
  await press('24');
  expect(leg.told('refer')).toEqual([{ kind: 'refer', uri: 'sip:103@demo.perch.test' }]);
  await clock.advance(1_000);
  expect(playing(endpoint)).toEqual([]);
  leg.answersRefer(202);
  await clock.advance(0);
  expect(playing(endpoint)).toEqual(['calling-back', 'digit-1', 'digit-0', 'digit-3']);
  expect(leg.told('end')).toEqual([]);
  await clock.advance(4_000);
  expect(leg.told('end')).toMatchObject([{ reason: { cause: 16 } }]);
});

test.for([405, 420, 481, 501, 503, 603])(
  '4, and the phone answers %i: said so, and back to the menu',
  async (status) => {
    const { clock, dial } = await openMailbox();
    const { leg, endpoint, press } = await dial('101');
    await press('24');
    leg.answersRefer(status);
    await clock.advance(0);
    expect(playing(endpoint)).toEqual([
      ...['digit-1', 'digit-0', 'digit-3', 'could-not-call-back', 'message-menu'],
    ]);
    expect(leg.told('end')).toEqual([]);
  },
);

test('4, and the phone says nothing for five seconds', async () => {
  const { clock, dial } = await openMailbox();
  const { endpoint, press } = await dial('101');
  await press('24');
  await clock.advance(4_999);
  expect(playing(endpoint)).toEqual([]);
  await clock.advance(1);
  expect(playing(endpoint)).toContain('could-not-call-back');
});

test('4, and the sender’s extension was deleted: no call is made', async () => {
  const { clock, dial, directory } = await openMailbox();
  const { leg, endpoint, press } = await dial('101');
  directory.delete(id('103'));
  await press('24');
  await clock.advance(0);
  expect(leg.told('refer')).toEqual([]);
  expect(playing(endpoint)).toEqual(['no-such-number', 'message-menu']);
});

test('a guest gives the PIN, and the page never hears it', async () => {
  const { dial, move, journal } = await openMailbox();
  await move('101', '201');
  const { told, endpoint, press } = await dial('201');
  expect(playing(endpoint)).toEqual(['enter-pin']);
  await press(`${pinOf('101')}#`);
  expect(playing(endpoint)).toEqual(['you-have', 'digit-2', 'new-messages']);
  expect(inWords(told)).toEqual([
    ...['retrieval of 101', 'Please enter your voicemail PIN', '[#]'],
    ...['•', '••', '•••', '••••', '•••••', 'You have 2 new messages', '[20*]'],
  ]);
  expect(JSON.stringify(told)).not.toContain(pinOf('101'));
  expect(journal).toEqual(['id-101 opened']);
});

test('three wrong PINs: goodbye, and each is counted', async () => {
  const { clock, dial, move, journal, mailboxes } = await openMailbox();
  await move('101', '201');
  const { leg, told, press } = await dial('201');
  await press('0001#0002#0003#');
  await clock.advance(1_000);
  expect(inWords(told).filter((words) => !words.startsWith('•'))).toEqual([
    ...['retrieval of 101', 'Please enter your voicemail PIN', '[#]', '2 left'],
    ...['That PIN is wrong. You have two tries left. Please enter your voicemail PIN', '1 left'],
    ...['That PIN is wrong. You have one try left. Please enter your voicemail PIN', '0 left'],
    ...['That PIN is wrong. There are no tries left. Goodbye.', '[]', 'closed'],
  ]);
  expect(leg.told('end')).toMatchObject([{ reason: { cause: 21 } }]);
  expect(journal).toEqual(['id-101 wrong-pin']);
  expect(mailboxes.pinGuesses(id('101')).wrong).toHaveLength(3);
});

test('five wrong PINs in two calls: the right one is wrong, with the same words', async () => {
  const { dial, move } = await openMailbox();
  await move('101', '201');
  const one = await dial('201');
  await one.press('0001#0002#0003#');
  const another = await dial('201');
  await another.press('0001#0002#');
  await another.press(`${pinOf('101')}#`);
  expect(inWords(another.told).slice(-3)).toEqual([
    ...['0 left', 'That PIN is wrong. There are no tries left. Goodbye.', '[]'],
  ]);
});

test('a PIN that cannot be verified: said so, and hung up', async () => {
  const { clock, dial, move, pins, journal } = await openMailbox();
  await move('101', '201');
  const { leg, endpoint, press } = await dial('201');
  pins.broken = true;
  await press('1234#');
  expect(playing(endpoint)).toEqual(['try-again-later']);
  expect(journal).toEqual(['Error: no hash can be made']);
  await clock.advance(1_000);
  expect(leg.told('end')).toHaveLength(1);
});

test('the guest leaves while the PIN is being hashed: nothing opens', async () => {
  const { clock, dial, move, goHome, pins } = await openMailbox();
  await move('101', '201');
  const { told, press } = await dial('201');
  const hashed = pins.holdUp();
  await press(`${pinOf('101')}#`);
  await goHome('201');
  hashed();
  await clock.advance(0);
  expect(inWords(told).slice(-2)).toEqual(['101 is no longer on this phone. Goodbye.', '[]']);
});

test.for<readonly [string, (house: Awaited<ReturnType<typeof openMailbox>>) => Promise<void>]>([
  ['goes home', ({ goHome }) => goHome('201')],
  ['goes to another desk', ({ move }) => move('101', '202')],
  ['gives way to the next guest', ({ move }) => move('102', '201')],
])('a guest who %s listens no more', async ([, leaves]) => {
  const open = await openMailbox();
  const { clock, dial, move, leave, mailboxes } = open;
  await leave('102', '104', 1_000);
  await move('101', '201');
  const { leg, told, endpoint, press } = await dial('201');
  await press(`${pinOf('101')}#`);
  await press('2');
  await leaves(open);
  await clock.advance(0);
  expect(playing(endpoint)).toEqual(['digit-1', 'digit-0', 'digit-1', 'no-longer-here']);
  await press('1323');
  expect(inWords(told).slice(-2)).toEqual(['101 is no longer on this phone. Goodbye.', '[]']);
  await clock.advance(5_000);
  expect(leg.told('end')).toHaveLength(1);
  expect([mailboxes.counts(id('101')), mailboxes.counts(id('102'))]).toEqual([
    { new: 2, heard: 0 },
    { new: 1, heard: 0 },
  ]);
});

test('a visit ends when its phone is taken over; the guest has a visit of their own', async () => {
  const { clock, dial, move, leave } = await openMailbox();
  await leave('102', '104', 1_000);
  const first = await dial('101');
  await move('102', '101');
  await clock.advance(5_000);
  expect(first.leg.told('end')).toHaveLength(1);
  const { told, press } = await dial('101');
  await press(`${pinOf('102')}#`);
  expect(inWords(told)).toContain('You have 1 new message');
});

test('a new PIN locks the mailbox that a guest has opened with the old one', async () => {
  const { clock, dial, move, desk } = await openMailbox();
  await move('101', '201');
  const { told, press } = await dial('201');
  await press(`${pinOf('101')}#`);
  await desk.pinReplaced(id('101'));
  await clock.advance(0);
  expect(inWords(told).slice(-2)).toEqual(['Goodbye.', '[]']);
});

test('a greeting that a guest is speaking when the stay ends is kept', async () => {
  const { clock, dial, move, goHome, mailboxes, files } = await openMailbox();
  await move('101', '201');
  const { press, speak } = await dial('201');
  await press(`${pinOf('101')}#`);
  await press('0');
  await clock.advance(2_000);
  await speak(3_000);
  await goHome('201');
  await clock.advance(0);
  expect(files.kept).toContain(mailboxes.greeting(id('101'))?.id);
  expect(files.underWay).toEqual([]);
});

test.for(['deleted', 'suspended'] as const)(
  'the extension is %s: the visit ends at its next step',
  async (what) => {
    const { clock, dial, house, directory } = await openMailbox();
    const { leg, told, press } = await dial('101');
    if (what === 'deleted') directory.delete(id('101'));
    else house.change('101', { suspended: true });
    await press('2');
    expect(inWords(told).slice(-2)).toEqual(['Goodbye.', '[]']);
    await clock.advance(1_000);
    expect(leg.told('end')).toHaveLength(1);
  },
);

test('what the browser deletes and callers leave meanwhile does not confuse the walk', async () => {
  const { dial, mailboxes, leave, older } = await openMailbox();
  const { endpoint, press } = await dial('101');
  await press('2');
  await mailboxes.delete(id('101'), older.id);
  await leave('101', '104', 1_000);
  await press('2');
  expect(playing(endpoint)).toEqual(['no-more-messages', 'empty-menu']);
});

test('a message whose file cannot be read stays new, and can be tried again', async () => {
  const { clock, dial, files, newer, mailboxes, journal } = await openMailbox();
  const { endpoint, press } = await dial('101');
  await files.delete(newer.id);
  await clock.advance(7_000);
  expect(playing(endpoint)).toEqual(['try-again-later', 'message-menu']);
  expect(mailboxes.counts(id('101'))).toEqual({ new: 2, heard: 0 });
  await press('1');
  expect(journal).toHaveLength(3);
});

test('a key is pressed while the message is still being read: it is not played', async () => {
  const { clock, dial, holdUpReading } = await openMailbox();
  const { endpoint, press } = await dial('101');
  const read = holdUpReading();
  await press('2');
  await clock.advance(4_000);
  expect(playing(endpoint)).toEqual([]);
  await press('2');
  read();
  await clock.advance(0);
  expect(playing(endpoint)).toEqual(['new-message-from', 'digit-1', 'digit-0', 'digit-2']);
});

test('a caller without sound has heard nothing', async () => {
  const { clock, dial, mailboxes } = await openMailbox();
  const { leg, endpoint, press } = await dial('101');
  await press('2');
  endpoint.lose('handshake-failed');
  await clock.advance(0);
  expect(mailboxes.counts(id('101'))).toEqual({ new: 2, heard: 0 });
  leg.says({ kind: 'info', contentType: 'application/dtmf', body: '3' });
  await clock.advance(0);
  expect(mailboxes.counts(id('101')).new).toBe(1);
});

test.for([
  ['plays to its end', ''],
  ['is gone past', '2'],
] as const)(
  'a caller whose sound never connects gets the same dialogue; what %s stays new',
  async ([, keys]) => {
    const { clock, dialMute, mailboxes } = await openMailbox();
    const { told, press } = await dialMute('101');
    await press('2');
    await clock.advance(4_000);
    expect(inWords(told).at(-1)).toMatch(/^plays 1 of 2/);
    await press(keys);
    await clock.advance(3_000);
    expect(inWords(told).at(-1)).not.toMatch(/^plays 1 of 2/);
    expect(mailboxes.counts(id('101'))).toEqual({ new: 2, heard: 0 });
  },
);

test('the disk fails: the message that was to be deleted stays, and the visitor is told so', async () => {
  const { dial, store, mailboxes } = await openMailbox();
  const { endpoint, press } = await dial('101');
  store.broken = true;
  await press('23');
  expect(playing(endpoint)).toEqual(['try-again-later', 'message-menu']);
  expect(mailboxes.counts(id('101'))).toEqual({ new: 2, heard: 0 });
});

test('a message is deleted durably before that is said', async () => {
  const { clock, dial, store } = await openMailbox();
  const { endpoint, press } = await dial('101');
  const written = store.holdUp();
  await press('23');
  await clock.advance(1_000);
  expect(playing(endpoint)).toEqual([]);
  written();
  await clock.advance(0);
  expect(playing(endpoint)[0]).toBe('message-deleted');
});

test('a greeting: asked for, recorded, listened to, and in use once it is durable', async () => {
  const { clock, dial, files, mailboxes, store } = await openMailbox();
  const { told, endpoint, press, speak } = await dial('101');
  await press('0');
  expect(playing(endpoint)).toEqual(['record-greeting', 'beep']);
  await clock.advance(2_000);
  await speak(3_000);
  await press('#');
  expect(playing(endpoint)).toEqual(['greeting-menu']);
  await press('1');
  expect(Number(playing(endpoint)[0])).toBeCloseTo(3_000, -2);
  const written = store.holdUp();
  await press('2');
  await clock.advance(1_000);
  expect(playing(endpoint)).toEqual([]);
  expect(mailboxes.greeting(id('101'))).toBeNull();
  written();
  await clock.advance(0);
  expect(playing(endpoint)).toEqual(['greeting-saved', 'new-message-from', 'digit-1', 'digit-0', 'digit-3']);
  const greeting = mailboxes.greeting(id('101'));
  expect(files.kept).toContain(greeting?.id);
  expect(inWords(told).slice(3, 13)).toEqual([
    'Speak your greeting after the tone, and press the hash key when you are done.',
    ...['[#*]', '[#]', 'records a greeting', '[]'],
    'To listen to it, press 1. To use it, 2. To record it again, 0. To keep the one before, star.',
    ...['[120*]', 'greeting', '[]'],
    'Your new greeting is in use. New message from 103',
  ]);
});

test.for([
  ['says nothing', 0, 8_000],
  ['says too little', 900, 8_000],
] as const)('a caller who %s is asked again', async ([, spoken, silence]) => {
  const { clock, dial, files } = await openMailbox();
  const { endpoint, press, speak } = await dial('101');
  const before = files.kept;
  await press('0');
  await clock.advance(2_000);
  await speak(spoken);
  await clock.advance(silence);
  expect(playing(endpoint)).toEqual(['greeting-too-short', 'record-greeting', 'beep']);
  expect([files.kept, files.underWay.length]).toEqual([before, 1]);
});

test.for([
  ['while asked', async () => undefined],
  [
    'while recording',
    async ({ clock, speak }) => {
      await clock.advance(2_000);
      await speak(2_000);
    },
  ],
  [
    'while it goes to the disk',
    async ({ clock, speak, press, files }) => {
      await clock.advance(2_000);
      await speak(2_000);
      const written = files.holdUp();
      await press('#');
      queueMicrotask(written);
    },
  ],
  [
    'while it is offered',
    async ({ clock, speak, press }) => {
      await clock.advance(2_000);
      await speak(2_000);
      await press('#');
    },
  ],
  [
    'while it is listened to',
    async ({ clock, speak, press }) => {
      await clock.advance(2_000);
      await speak(2_000);
      await press('#');
      await press('1');
    },
  ],
] as readonly (readonly [string, (visit: Visit) => Promise<void>])[])(
  'hanging up without 2 leaves no greeting: %s',
  async ([, until]) => {
    const house = await openMailbox();
    const { clock, dial, files, mailboxes } = house;
    const before = files.kept;
    const visit = await dial('101');
    await visit.press('0');
    await until({ ...house, ...visit });
    visit.leg.says({ kind: 'ended', by: 'peer' });
    await clock.advance(0);
    expect([files.kept, files.underWay]).toEqual([before, []]);
    expect(mailboxes.greeting(id('101'))).toBeNull();
    expect(inWords(visit.told).at(-1)).toBe('closed');
    expect(clock.pending).toBe(1); // the mailboxes' own
  },
);

type House = Awaited<ReturnType<typeof openMailbox>>;
type Visit = House & Awaited<ReturnType<House['dial']>>;

test('hanging up before there is a file to record into leaves nothing behind', async () => {
  const { clock, dial, files } = await openMailbox();
  const before = files.kept;
  const { leg, press } = await dial('101');
  const begun = files.holdUp();
  await press('0');
  await clock.advance(2_000);
  leg.says({ kind: 'ended', by: 'peer' });
  begun();
  await clock.advance(0);
  expect([files.kept, files.underWay]).toEqual([before, []]);
  expect(clock.pending).toBe(1); // the mailboxes' own
});

test('hanging up after 2 leaves a new greeting', async () => {
  const { clock, dial, mailboxes, store } = await openMailbox();
  const { leg, press, speak } = await dial('101');
  await press('0');
  await clock.advance(2_000);
  await speak(2_000);
  await press('#');
  const written = store.holdUp();
  await press('2');
  leg.says({ kind: 'ended', by: 'peer' });
  written();
  await clock.advance(0);
  expect(mailboxes.greeting(id('101'))).toMatchObject({ durationMs: 2_000 });
});

test('a second greeting is discarded, the first one stays', async () => {
  const { clock, dial, mailboxes, files } = await openMailbox();
  const { press, speak } = await dial('101');
  const record = async (keys: string) => {
    await press('0');
    await clock.advance(2_000);
    await speak(2_000);
    await press('#');
    await press(keys);
  };
  await record('2');
  const greeting = mailboxes.greeting(id('101'));
  await record('*');
  expect(mailboxes.greeting(id('101'))).toBe(greeting);
  expect(files.kept).toContain(greeting?.id);
  expect(files.kept).toHaveLength(3);
});

test.for(['full', 'broken'] as const)('a disk that is %s: no greeting now', async (what) => {
  const { clock, dial, files } = await openMailbox();
  const { endpoint, press } = await dial('101');
  files[what] = true;
  await press('0');
  await clock.advance(2_000);
  expect(playing(endpoint).slice(0, 2)).toEqual(['no-recording-now', 'new-message-from']);
});

test('a disk becomes full while a greeting is spoken: said within seconds, and nothing is left of it', async () => {
  const { clock, dial, files } = await openMailbox();
  const { endpoint, press, speak } = await dial('101');
  const before = files.kept;
  await press('0');
  await clock.advance(2_000);
  await speak(2_000);
  files.losing = true;
  await speak(1_500);
  expect(playing(endpoint).slice(0, 2)).toEqual(['no-recording-now', 'new-message-from']);
  expect([files.kept, files.underWay]).toEqual([before, []]);
});

test('a greeting that cannot be stored leaves no file', async () => {
  const { clock, dial, files, store } = await openMailbox();
  const { endpoint, press, speak } = await dial('101');
  const before = files.kept;
  await press('0');
  await clock.advance(2_000);
  await speak(2_000);
  await press('#');
  store.broken = true;
  await press('2');
  expect(playing(endpoint)[0]).toBe('try-again-later');
  expect([files.kept, files.underWay]).toEqual([before, []]);
});

test('the greeting menu, then silence: goodbye, and no greeting', async () => {
  const { clock, dial, files } = await openMailbox();
  const { leg, press, speak } = await dial('101');
  const before = files.kept;
  await press('0');
  await clock.advance(2_000);
  await speak(2_000);
  await press('#');
  await clock.advance(3 * 11_000 + 1_000);
  expect(leg.told('end')).toHaveLength(1);
  expect([files.kept, files.underWay]).toEqual([before, []]);
});

test.for([
  ['the caller hangs up', (leg: FakeLeg) => leg.says({ kind: 'ended', by: 'peer' }), 0],
  ['the page closes', (_: FakeLeg, endpoint: FakeEndpoint) => endpoint.lose('peer-closed'), 1],
  ['the sound stops for good', (_: FakeLeg, endpoint: FakeEndpoint) => endpoint.lose('timeout'), 1],
] as const)('everything ends with the call: %s', async ([, end, byUs]) => {
  const { clock, dial } = await openMailbox();
  const { leg, told, endpoint } = await dial('101');
  await clock.advance(7_500);
  end(leg, endpoint);
  await clock.advance(0);
  expect(leg.told('end')).toHaveLength(byUs);
  expect(inWords(told).at(-1)).toBe('closed');
  expect(clock.pending).toBe(1); // the mailboxes' own
});

test('an offer without audio: 488', async () => {
  const { dial } = await openMailbox();
  const { leg, endpoint } = await dial('101', 'v=0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\n');
  expect(leg.told('reject')).toMatchObject([{ kind: 'reject', status: 488 }]);
  expect(endpoint.closedAs).toBe('local');
});

test.for(['locked', 'suspended', 'deleted'] as const)('a terminal that is %s: refused', async (what) => {
  const { call, house, directory, move, engine } = await openMailbox();
  if (what === 'locked') await move('101', '201');
  if (what === 'suspended') house.change('101', { suspended: true });
  if (what === 'deleted') directory.delete(id('101'));
  expect(call('101').leg.told('reject')).toMatchObject([{ status: 403 }]);
  expect(engine.endpoints).toEqual([]);
});
