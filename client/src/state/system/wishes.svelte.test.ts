import { callId } from '@perch/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Wishes } from './wishes.svelte.ts';

const ID = callId('463c3eba');
type Wished = ConstructorParameters<typeof Wishes>[0];
type Call = NonNullable<ReturnType<Wished['calls']['byId']>>;

beforeEach(() => {
  vi.useFakeTimers();
  history.replaceState(null, '', '/phone/101');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

function phoneWith(kind: 'offered' | 'talking' | null = 'offered') {
  const done: string[] = [];
  const call = { state: { kind }, hangUp: () => done.push('hung up') } as unknown as Call;
  const phone = {
    showing: 'people' as Wished['showing'],
    speaker: { number: '101', name: 'Ada' } as Wished['speaker'],
    dialText: { value: '' },
    connection: { number: '101' },
    calls: {
      byId: (id: string) => (id === ID && kind !== null ? call : undefined),
      answer: (answered: Call) => done.push(answered === call ? 'answered' : 'another'),
    },
  };
  return { phone, done, wishes: new Wishes(phone as unknown as Wished) };
}

/** A browser whose service worker notes what it is asked. */
function workerHere() {
  const asked: unknown[] = [];
  const active = { postMessage: (question: unknown) => void asked.push(question) };
  const container = Object.assign(new EventTarget(), { getRegistration: () => Promise.resolve({ active }) });
  vi.stubGlobal('navigator', { serviceWorker: container });
  const say = (wish: object) => container.dispatchEvent(new MessageEvent('message', { data: { wish } }));
  return { asked, say };
}

test('a page that was opened to answer a call asks the worker, answers once, and its address says no more of it', async () => {
  const { asked, say } = workerHere();
  history.replaceState(null, '', '/phone/101#notification');
  const { wishes, done } = phoneWith();
  const end = wishes.follow();
  expect(location.hash).toBe('');
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toEqual([{ type: 'WISH', phone: '101' }]);
  wishes.take();
  expect(done).toEqual([]);
  say({ kind: 'answer', call: ID });
  wishes.take();
  wishes.take();
  expect(done).toEqual(['answered']);
  end();
});

test.for(['answer', 'decline'])(
  'an address alone, which any website can open, does not %s a call',
  async (kind) => {
    let consume: (launch: { readonly targetURL: string }) => void = () => undefined;
    vi.stubGlobal('launchQueue', { setConsumer: (consumer: typeof consume) => (consume = consumer) });
    const { asked } = workerHere();
    history.replaceState(null, '', `/phone/101#${kind}=${ID}`);
    const { wishes, done } = phoneWith();
    const end = wishes.follow();
    wishes.take();
    consume({ targetURL: `https://phone.example.org/phone/101#${kind}=${ID}` });
    await vi.advanceTimersByTimeAsync(0);
    wishes.take();
    expect([done, asked]).toEqual([[], []]);
    end();
  },
);

test('a call that has not reached this page yet is waited for, but not for long', () => {
  const { wishes, done } = phoneWith(null);
  wishes.wish({ kind: 'answer', call: ID });
  wishes.take();
  expect(done).toEqual([]);
  const late = phoneWith();
  late.wishes.wish({ kind: 'answer', call: ID });
  vi.advanceTimersByTime(20_000);
  late.wishes.take();
  expect(late.done).toEqual([]);
});

test('a call that somebody has answered meanwhile is left alone', () => {
  const { wishes, done } = phoneWith('talking');
  wishes.wish({ kind: 'decline', call: ID });
  wishes.take();
  expect(done).toEqual([]);
});

test('the worker has a call declined that the page has told of', () => {
  const { say } = workerHere();
  const { wishes, done } = phoneWith();
  const end = wishes.follow();
  say({ kind: 'decline', call: ID });
  wishes.take();
  expect(done).toEqual(['hung up']);
  end();
  say({ kind: 'answer', call: ID });
  wishes.take();
  expect(done).toEqual(['hung up']);
});

test('a number of a link comes into the dial field, and nobody is called', () => {
  const { wishes, phone, done } = phoneWith();
  phone.speaker = null;
  wishes.wish({ kind: 'dial', text: '1-0-2' });
  wishes.show();
  expect(phone.dialText.value).toBe('');
  phone.speaker = { number: '101', name: 'Ada' };
  wishes.show();
  expect([phone.dialText.value, phone.showing, done]).toEqual(['1-0-2', 'keypad', []]);
  phone.dialText.value = '';
  wishes.show();
  expect(phone.dialText.value).toBe('');
});

test('the installed app that is opened once more is told where to go, and is not loaded anew', () => {
  let consume: (launch: { readonly targetURL?: string }) => void = () => undefined;
  vi.stubGlobal('launchQueue', {
    setConsumer: (consumer: typeof consume) => {
      consume = consumer;
    },
  });
  const { wishes, phone } = phoneWith();
  const end = wishes.follow();
  consume({ targetURL: 'https://phone.example.org/phone#show=voicemail' });
  wishes.show();
  expect(phone.showing).toBe('voicemail');
  consume({});
  end();
});
