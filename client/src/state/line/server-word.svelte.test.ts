import type { CallId, PageEvent, TerminalView } from '@perch/shared';
import { expect, test } from 'vitest';
import type { DialogueEvent } from '../calls/call-dialogue.svelte.ts';
import { ServerWord } from './server-word.svelte.ts';

/** What the server says, 500 ms ahead of this browser's clock. */
function page() {
  const world = { now: 1_000 };
  const said: (readonly [CallId, DialogueEvent])[] = [];
  const word = new ServerWord({ now: () => world.now }, (call, event) => said.push([call, event]));
  const hear = (event: PageEvent) => word.hear(event);
  return { word, said, world, hear };
}

test('each message tells when the server was heard, and what its clock says', () => {
  const { word, world, hear } = page();
  expect(word.heardAt).toBeNull();
  world.now = 2_000;
  hear({ kind: 'pulse', at: 2_500, registered: true });
  expect([word.heardAt, word.offset, word.registered]).toEqual([2_000, 500, true]);
  word.doubt();
  expect(word.heardAt).toBeNull();
});

test('the server is late where its pulse takes longer than the others, or does not come', () => {
  const { word, world, hear } = page();
  expect(word.isLate).toBe(true);
  const pulse = (delay: number): void => {
    world.now += 5_000;
    hear({ kind: 'pulse', at: world.now + 500 - delay, registered: true });
  };
  pulse(20);
  pulse(60);
  expect(word.isLate).toBe(false);
  pulse(300);
  expect(word.isLate).toBe(true);
  pulse(20);
  expect(word.isLate).toBe(false);
  // A clock that is set anew makes every pulse look slow, for a minute.
  for (let count = 0; count < 12; count++) pulse(900);
  expect(word.isLate).toBe(false);
  world.now += 7_001;
  expect(word.isLate).toBe(true);
});

test('after a sleep it is not known who is here until the server has said it again', () => {
  const { word, hear } = page();
  word.doubt();
  hear({ kind: 'pulse', at: 2_500, registered: true });
  expect(word.doubted).toBe(true);
  hear({ kind: 'terminal', at: 2_500, view: { registered: true } as TerminalView });
  expect(word.doubted).toBe(false);
});

test('the last change, which says who was here, is forgotten once it is shown no longer', () => {
  const { word, hear } = page();
  const recentChange = {
    until: 31_500,
    consequences: [{ kind: 'returned-home', extension: { name: 'Ada' } }],
  };
  hear({ kind: 'terminal', at: 1_500, view: { registered: true, recentChange } as TerminalView });
  hear({ kind: 'pulse', at: 31_499, registered: true });
  expect(word.view).toEqual({ registered: true, recentChange });
  hear({ kind: 'pulse', at: 31_500, registered: true });
  expect(word.view).toEqual({ registered: true, recentChange: null });
});

test('what counts is the registration of this page’s phone, not that of another one at the terminal', () => {
  const { word, hear } = page();
  hear({ kind: 'pulse', at: 1_500, registered: false });
  hear({ kind: 'terminal', at: 1_500, view: { registered: true } as TerminalView });
  expect(word.registered).toBe(false);
});

test('it is known since when there has been no registration', () => {
  const { word, world, hear } = page();
  hear({ kind: 'pulse', at: 1_500, registered: false });
  world.now = 6_000;
  hear({ kind: 'pulse', at: 6_500, registered: false });
  expect(word.unregisteredSince).toBe(1_000);
  hear({ kind: 'pulse', at: 6_500, registered: true });
  expect(word.unregisteredSince).toBeNull();
});

test('what is said in a call is handed on with the id of that call', () => {
  const { said, hear } = page();
  hear({ kind: 'center', at: 1, call: 'a', event: { kind: 'closed' } });
  hear({ kind: 'voicemail', at: 2, call: 'b', event: { kind: 'kept' } });
  expect(said).toEqual([
    ['a', { kind: 'center', event: { kind: 'closed' } }],
    ['b', { kind: 'voicemail', event: { kind: 'kept' }, at: 2 }],
  ]);
});
