import { flushSync } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import de from '../../messages/de.json' with { type: 'json' };
import en from '../../messages/en.json' with { type: 'json' };
import { dayOf } from '../ui/moments.ts';
import * as files from './files.ts';
import { followLanguage } from './language.svelte.ts';
import { m, needWords, speak } from './messages.svelte.ts';

const THURSDAY = new Date(2026, 10, 26, 12).getTime();

afterEach(async () => {
  vi.restoreAllMocks();
  await speak('en');
});

test('what is drawn follows the language, with its days and numbers, and so does the page', async () => {
  await needWords('first');
  const drawn: string[] = [];
  const stop = $effect.root(() => {
    $effect(
      () =>
        void drawn.push(
          `${m.hold()} ${m.missed_calls({ count: 2_000 })} ${dayOf(THURSDAY).split(',')[0] ?? ''}`,
        ),
    );
  });
  flushSync();
  await speak('de');
  flushSync();
  stop();
  expect(drawn).toEqual(['Hold 2,000 missed calls Thursday', 'Halten 2.000 verpasste Anrufe Donnerstag']);
  expect(document.documentElement.lang).toBe('de');
});

test('the language that was asked for last is spoken, whichever words come first', async () => {
  await needWords('first');
  const late: (() => void)[] = [];
  vi.spyOn(files, 'loadWords').mockImplementation(
    (language) =>
      new Promise((resolve) => {
        if (language === 'de') late.push(() => resolve(de));
        else resolve(en);
      }),
  );
  const german = speak('de');
  const english = speak('en');
  await english;
  for (const arrive of late) arrive();
  await german;
  expect(m.hold()).toBe(en.hold);
});

test('a language whose words cannot be loaded leaves the one before', async () => {
  await needWords('first');
  vi.spyOn(files, 'loadWords').mockRejectedValueOnce(new TypeError('no network'));
  await expect(speak('de')).rejects.toThrow('no network');
  expect(m.hold()).toBe(en.hold);
  await needWords('parts');
  expect(m.hold()).toBe(en.hold);
});

test('the language that is set on the device is spoken, and is in a cookie for the server; without one, the browser’s is', async () => {
  let device: 'system' | 'en' | 'de' = $state('en');
  await followLanguage(() => device);
  expect([m.hold(), document.cookie]).toEqual([en.hold, 'perch-language=en']);
  device = 'de';
  await vi.waitFor(() => expect(m.hold()).toBe(de.hold));
  expect(document.cookie).toBe('perch-language=de');
  device = 'system';
  await vi.waitFor(() => expect(m.hold()).toBe(en.hold));
  expect(document.cookie).toBe('');
});
