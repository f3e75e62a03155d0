import type { ExtensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { terminal, TestHouse } from '../../support/test-desk.ts';
import { incomingFrom } from '../support/incoming-calls.ts';
import { doNotDisturbService } from './service.ts';
import { everyoneIn } from '../support/languages.ts';

/** What a caller from that extension hears, and what was set. */
async function dialled(number: string, name: 'do-not-disturb' | 'do-not-disturb-off', works = true) {
  const { clock, directory } = new TestHouse();
  const engine = new FakeMediaEngine(clock);
  const set: (readonly [ExtensionId, boolean])[] = [];
  const setDoNotDisturb = async (extension: ExtensionId, on: boolean) => {
    set.push([extension, on]);
    return works;
  };
  const extension = directory.byNumber(number);
  if (extension === undefined) throw new Error(`there is no ${number}`);
  const { leg, incoming } = incomingFrom(terminal(number), number, extension.name);
  const caller = { ...incoming.caller, extension: extension.id };
  doNotDisturbService({ directory, setDoNotDisturb }).take(
    { ...incoming, caller },
    { name },
    { engine, clock, languages: everyoneIn('en') },
  );
  await clock.advance(0);
  leg.says({ kind: 'acknowledged' });
  await clock.advance(0);
  const heard = engine.last.playing;
  await clock.advance(2_000);
  expect(leg.told('end')).toHaveLength(1);
  return { heard, set: set.map(([, on]) => on) };
}

test.for([
  ['101', 'do-not-disturb', true, 'do-not-disturb-on', [true]],
  ['101', 'do-not-disturb-off', true, 'do-not-disturb-off', [false]],
  ['101', 'do-not-disturb', false, 'try-again-later', [true]],
  ['201', 'do-not-disturb', true, 'no-do-not-disturb-here', []],
] as const)('%s dials %s, stored %s: %s is said', async ([number, name, works, prompt, set]) => {
  expect(await dialled(number, name, works)).toEqual({ heard: [prompt], set });
});
