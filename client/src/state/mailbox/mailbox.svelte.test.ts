import type { MailboxView, VoicemailMessage } from '@perch/shared';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { browserWorld } from '../../world/world.ts';
import { Mailbox } from './mailbox.svelte.ts';
import { Settings } from '../page/settings.svelte.ts';
import type { PageSound } from '../sound/page-sound.svelte.ts';

const message = (id: string): VoicemailMessage => ({
  id,
  from: { number: '102', name: 'Ben' },
  at: id === 'm2' ? 2_000 : 1_000,
  durationMs: 4_000,
  reason: 'busy',
  heard: false,
});
const view = (changes: Partial<MailboxView> = {}): MailboxView => ({
  extension: { number: '101', name: 'Ada' },
  access: 'open',
  messages: [message('m2'), message('m1')],
  greeting: null,
  hasPin: true,
  isOwn: true,
  mailTo: null,
  canMail: true,
  limits: { messages: 100, ms: 3_600_000, greetingMs: 60_000 },
  retentionDays: null,
  ...changes,
});
const problem = (code: string, detail: string) => ({
  type: 'about:blank',
  title: 'Refused',
  status: 403,
  detail,
  code,
});

/** A request that the page has made, and how the test answers it. */
interface Asked {
  readonly what: string;
  readonly body: unknown;
  readonly signal: AbortSignal | null | undefined;
  readonly answer: (content?: object, status?: number) => Promise<void>;
}

const asked: Asked[] = [];
beforeEach(() => {
  asked.length = 0;
  vi.stubGlobal('fetch', (path: string, { method, body, signal }: RequestInit) => {
    const { promise, resolve } = Promise.withResolvers<Response>();
    asked.push({
      what: `${method ?? ''} ${path.replace('/api/terminal/voicemail', '')}`,
      body: typeof body === 'string' ? JSON.parse(body) : undefined,
      signal,
      answer: async (content, status = content ? 200 : 204) => {
        resolve(new Response(content ? JSON.stringify(content) : null, { status }));
        await new Promise((done) => setTimeout(done));
      },
    });
    return promise;
  });
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const last = (): Asked => {
  const request = asked.at(-1);
  if (request === undefined) throw new Error('nothing was asked');
  return request;
};

/** Ada's mailbox, on a page where she speaks unless the test says otherwise. */
function page() {
  const notices: string[] = [];
  const here = { speaker: '101', setupShown: false };
  const mailbox = new Mailbox({
    token: 't',
    settings: new Settings(),
    world: browserWorld,
    sound: {} as PageSound,
    notices: { show: (text: string) => notices.push(text) } as never,
    speaker: () => here.speaker,
    setupShown: () => here.setupShown,
  });
  return { mailbox, notices, here };
}

async function open() {
  const parts = page();
  parts.mailbox.look();
  await last().answer(view());
  return parts;
}
const ids = (mailbox: Mailbox) => mailbox.view?.messages.map(({ id }) => id);

test('it is shown once the server has told of it', async () => {
  const { mailbox } = page();
  mailbox.look();
  expect([mailbox.view, last().what]).toEqual([null, 'GET ']);
  await last().answer(view());
  expect([ids(mailbox), mailbox.trouble]).toEqual([['m2', 'm1'], null]);
});

test('where it cannot be fetched it says why, until it can', async () => {
  const { mailbox } = page();
  mailbox.look();
  await last().answer(problem('extension-suspended', 'Extension 101 is suspended.'), 403);
  expect([mailbox.view, mailbox.trouble]).toEqual([null, 'Extension 101 is suspended.']);
  mailbox.look();
  await last().answer(view());
  expect(mailbox.trouble).toBeNull();
});

describe('no one sees another’s mailbox', () => {
  test('an answer for another speaker, who has come since, is not shown', async () => {
    const { mailbox, here } = page();
    mailbox.look();
    here.speaker = '102';
    await last().answer(view());
    expect(mailbox.view).toBeNull();
  });

  test('nothing that arrives for a closed one is shown, and nothing goes on', async () => {
    const { mailbox, notices } = page();
    mailbox.look();
    const { signal, answer } = last();
    mailbox.close();
    expect(signal?.aborted).toBe(true);
    await answer(view());
    mailbox.look();
    expect([mailbox.view, mailbox.trouble, asked.length, notices]).toEqual([null, null, 1, []]);
  });
});

describe('a change', () => {
  test.for([
    ['marked', (box: Mailbox) => box.mark('m2', true), 'PATCH /messages/m2', { heard: true }],
    ['deleted', (box: Mailbox) => box.delete('m2'), 'DELETE /messages/m2', undefined],
  ] as const)('%s shows at once and is sent', async ([, change, what, body]) => {
    const { mailbox } = await open();
    change(mailbox);
    expect(mailbox.view?.messages.find(({ id }) => id === 'm2')?.heard ?? 'gone').toBe(body ? true : 'gone');
    expect([last().what, last().body]).toEqual([what, body]);
    await last().answer();
    expect(last().what).toBe('GET ');
  });

  test('that is refused is taken back, with a sentence', async () => {
    const { mailbox, notices } = await open();
    mailbox.delete('m2');
    expect(ids(mailbox)).toEqual(['m1']);
    await last().answer(problem('not-found', 'There is no such message.'), 404);
    expect([ids(mailbox), notices]).toEqual([['m2', 'm1'], ['There is no such message.']]);
  });

  test('can be undone where it was a deletion', async () => {
    const { mailbox } = await open();
    mailbox.delete('m2');
    await last().answer();
    mailbox.restore('m2');
    expect([ids(mailbox), last().what]).toEqual([['m2', 'm1'], 'POST /messages/m2/restore']);
  });
});

describe('an open message', () => {
  test('is fetched, and closed by the same tap', async () => {
    const { mailbox } = await open();
    mailbox.toggle(message('m2'));
    expect([mailbox.playback.id, last().what]).toEqual(['m2', 'GET /messages/m2/recording']);
    mailbox.toggle(message('m2'));
    expect(mailbox.playback.id).toBeNull();
  });

  test.for([
    ['is deleted elsewhere', view({ messages: [message('m1')] }), false, null],
    ['may not be heard any more', view({ access: 'pin-needed', messages: [] }), false, null],
    ['is still there', view(), false, 'm2'],
    ['is a greeting of the setup', view({ messages: [] }), true, 'm2'],
  ] as const)('that %s', async ([, told, setupShown, stays]) => {
    const { mailbox, here } = await open();
    mailbox.toggle(message('m2'));
    here.setupShown = setupShown;
    mailbox.look();
    await last().answer(told);
    expect(mailbox.playback.id).toBe(stays);
  });

  test('is closed with the mailbox', async () => {
    const { mailbox } = await open();
    mailbox.toggle(message('m2'));
    mailbox.close();
    expect([mailbox.playback.id, last().signal?.aborted]).toEqual([null, true]);
  });
});

describe('the PIN', () => {
  test('opens it', async () => {
    const { mailbox } = page();
    mailbox.look();
    await last().answer(view({ access: 'pin-needed', messages: [] }));
    const unlocking = mailbox.unlock('6318');
    expect([last().what, last().body, mailbox.unlocking.busy]).toEqual([
      'POST /unlock',
      { pin: '6318' },
      true,
    ]);
    await last().answer(view());
    await unlocking;
    expect([ids(mailbox), mailbox.unlocking.busy]).toEqual([['m2', 'm1'], false]);
  });

  test('that is wrong leaves it locked, with a sentence where it was entered', async () => {
    const { mailbox, notices } = await open();
    const unlocking = mailbox.unlock('0000');
    await last().answer(problem('wrong-pin', 'That PIN is wrong.'), 403);
    await unlocking;
    expect(mailbox.unlocking.refusal).toBeTruthy();
    expect(notices).toEqual([]);
  });
});

test.for([
  ['a new PIN', (box: Mailbox) => box.setPin('6318'), 'PUT /pin', { pin: '6318' }],
  ['an address', (box: Mailbox) => box.setMail('ada@x.org'), 'PUT /mail', { mailTo: 'ada@x.org' }],
  ['no address', (box: Mailbox) => box.setMail(null), 'PUT /mail', { mailTo: null }],
] as const)('%s is set, and then it looks again', async ([, set, what, body]) => {
  const { mailbox } = await open();
  const setting = set(mailbox);
  expect([last().what, last().body]).toEqual([what, body]);
  await last().answer();
  expect([await setting, last().what]).toEqual([true, 'GET ']);
  const refused = set(mailbox);
  await last().answer(problem('weak-code', 'Too easy.'), 422);
  expect([await refused, last().what]).toEqual([false, what]);
});
