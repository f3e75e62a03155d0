import { expect, test } from 'vitest';
import { Routes } from './routes.ts';

const peer = (port: number) => ({ address: '192.0.2.7', port });

test('checks find their call by fragment, everything else by its sender', () => {
  const routes = new Routes<string>();
  routes.expect('call', ['abc', 'def']);
  routes.learn(peer(1), 'call');
  expect(routes.byFragment('def')).toBe('call');
  expect(routes.byPeer(peer(1))).toBe('call');
  expect(routes.byPeer(peer(2))).toBeUndefined();
  expect(routes.byFragment('')).toBeUndefined();
});

test('new fragments take the place of the old', () => {
  const routes = new Routes<string>();
  routes.expect('call', ['old', 'kept']);
  routes.expect('call', ['kept', 'new']);
  expect(['old', 'kept', 'new'].map((fragment) => routes.byFragment(fragment))).toEqual([
    undefined,
    'call',
    'call',
  ]);
});

test('an address that comes back with another call belongs to that one', () => {
  const routes = new Routes<string>();
  routes.learn(peer(1), 'first');
  routes.learn(peer(1), 'second');
  expect(routes.byPeer(peer(1))).toBe('second');
  routes.forget('first');
  expect(routes.byPeer(peer(1))).toBe('second');
});

test('the paths of a call are bounded: the one used least recently goes', () => {
  const routes = new Routes<string>();
  for (let port = 1; port <= 16; port++) routes.learn(peer(port), 'call');
  routes.learn(peer(1), 'call');
  routes.learn(peer(17), 'call');
  expect([1, 2, 3, 17].map((port) => routes.byPeer(peer(port)))).toEqual(['call', undefined, 'call', 'call']);
});

test('a call that is over leaves nothing behind', () => {
  const routes = new Routes<string>();
  routes.expect('call', ['abc']);
  routes.learn(peer(1), 'call');
  routes.forget('call');
  routes.forget('call');
  expect(routes.size).toBe(0);
});
