import { terminalId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { VirtualClock } from '../../../world/virtual-clock.ts';
import { incomingFrom } from '../support/incoming-calls.ts';
import { echoService } from './service.ts';
import { everyoneIn } from '../support/languages.ts';

async function called() {
  const clock = new VirtualClock();
  const engine = new FakeMediaEngine(clock);
  const { leg, incoming, ends } = incomingFrom(terminalId('terminal-101'), '101', 'Ada');
  echoService().take(incoming, { name: 'echo' }, { engine, clock, languages: everyoneIn('en') });
  await clock.advance(0);
  leg.says({ kind: 'acknowledged' });
  const endpoint = engine.last;
  endpoint.connect();
  await clock.advance(0);
  const packet = { sequence: 1, timestamp: 0, payload: Uint8Array.of(7) };
  return { clock, leg, ends, endpoint, say: () => endpoint.speak(packet), heard: () => endpoint.sent.length };
}

test('after its sentence the caller hears itself', async () => {
  const { clock, endpoint, say, heard } = await called();
  expect(endpoint.playing).toEqual(['hear-yourself']);
  say();
  expect(heard()).toBe(0);
  await clock.advance(1000);
  say();
  expect(heard()).toBe(1);
});

test('a key cuts the sentence short, and `#` hangs up then', async () => {
  const { clock, leg, ends, endpoint, say, heard } = await called();
  endpoint.press('#');
  await clock.advance(0);
  expect(endpoint.playing).toEqual([]);
  say();
  expect(heard()).toBe(1);
  endpoint.press('#');
  await clock.advance(0);
  expect([leg.told('end').length, ends(), endpoint.closedAs, clock.pending]).toEqual([1, 1, 'local', 0]);
});

test('a call that was forgotten ends after ten minutes', async () => {
  const { clock, leg } = await called();
  await clock.advance(599_000);
  expect(leg.told('end')).toEqual([]);
  await clock.advance(2000);
  expect(leg.told('end')).toHaveLength(1);
});
