import type { ExtensionId } from '@perch/shared';
import { expect, test } from 'vitest';
import { FakeMediaEngine } from '../../../media/support/fake-media.ts';
import { terminal, TestHouse } from '../../support/test-desk.ts';
import { incomingFrom } from '../support/incoming-calls.ts';
import { type ForwardRequest, forwardService } from './service.ts';
import { everyoneIn } from '../support/languages.ts';

/** What a caller from that extension hears, and what was set. */
async function dialled(number: string, request: ForwardRequest, works = true) {
  const { clock, directory } = new TestHouse();
  // A number that somebody had before help was called there.
  Object.assign(directory.organization, { emergencyNumbers: ['112', '104'] });
  const engine = new FakeMediaEngine(clock);
  const set: (string | null)[] = [];
  const setForward = async (forwarded: ExtensionId, always: string | null) => {
    expect(forwarded).toBe(extension?.id);
    set.push(always);
    return works;
  };
  const extension = directory.byNumber(number);
  if (extension === undefined) throw new Error(`there is no ${number}`);
  const { leg, incoming } = incomingFrom(terminal(number), number, extension.name);
  const caller = { ...incoming.caller, extension: extension.id };
  forwardService({ directory, setForward }).take({ ...incoming, caller }, request, {
    engine,
    clock,
    languages: everyoneIn('en'),
  });
  await clock.advance(0);
  leg.says({ kind: 'acknowledged' });
  await clock.advance(0);
  const heard = engine.last.playing;
  await clock.advance(10_000);
  expect(leg.told('end')).toHaveLength(1);
  return { heard, set };
}

const to = (number: string | undefined): ForwardRequest => ({ name: 'forward', number });

test.for<readonly [string, string, ForwardRequest, boolean, readonly string[], readonly (string | null)[]]>([
  ['to a colleague', '101', to('103'), true, ['all-calls-go-to', 'digit-1', 'digit-0', 'digit-3'], ['103']],
  ['no longer', '101', { name: 'forward-off' }, true, ['forward-off'], [null]],
  ['without a number', '101', to(undefined), true, ['forward-to-whom'], []],
  ['to the extension itself', '101', to('101'), true, ['no-forward-there'], []],
  ['to a number that nobody has', '101', to('199'), true, ['no-forward-there'], []],
  ['to where help is called', '101', to('112'), true, ['no-forward-there'], []],
  ['to where help is called now', '101', to('104'), true, ['no-forward-there'], []],
  ['of a desk', '201', to('103'), true, ['no-forward-here'], []],
  ['of a desk, ended', '201', { name: 'forward-off' }, true, ['no-forward-here'], []],
  ['that cannot be stored', '101', to('103'), false, ['try-again-later'], ['103']],
])('a forward %s', async ([, number, request, works, heard, set]) => {
  expect(await dialled(number, request, works)).toEqual({ heard, set });
});
