import { flushSync } from 'svelte';
import { afterEach, expect, test, vi } from 'vitest';
import de from '../../messages/de.json' with { type: 'json' };
import en from '../../messages/en.json' with { type: 'json' };
import { dayOf } from '../ui/moments.ts';
import * as files from './files.ts';
import { following } from './support/following.ts';
import { m, needWords, speak } from './messages.svelte.ts';

const THURSDAY = new Date(2026, 10, 26, 12).getTime();

/** Texts that no test has asked for before. */
const unasked = (name: string) => name as files.WordGroup;

afterEach(async () => {
  vi.useRealTimers();
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

test('texts that are still on their way are waited for by everyone who needs them', async () => {
  await needWords('first');
  const arrive = Promise.withResolvers<typeof de>();
  vi.spyOn(files, 'loadWords').mockReturnValue(arrive.promise);
  const german = speak('de');
  let isSaid = false;
  const needed = needWords('first').then(() => (isSaid = true));
  await Promise.resolve();
  expect(isSaid).toBe(false);
  arrive.resolve(de);
  await Promise.all([german, needed]);
  expect(m.hold()).toBe(de.hold);
});

test('a load that was overtaken fails nobody who gets what they asked for', async () => {
  await needWords('first');
  const lost = Promise.withResolvers<typeof de>();
  vi.spyOn(files, 'loadWords').mockImplementation((language) =>
    language === 'de' ? lost.promise : Promise.resolve(en),
  );
  const german = speak('de');
  await speak('en');
  lost.reject(new TypeError('no network'));
  await german;
  expect(m.hold()).toBe(en.hold);
});

test('a language whose load was overtaken by one that fails has failed too', async () => {
  await needWords('first');
  let isOvertaken = false;
  const slow = Promise.withResolvers<typeof de>();
  vi.spyOn(files, 'loadWords').mockImplementation((language, group) =>
    language === 'de' && group !== unasked('overtaking') && !isOvertaken
      ? slow.promise
      : Promise.reject(new TypeError('no network')),
  );
  const german = speak('de');
  isOvertaken = true;
  await expect(needWords(unasked('overtaking'))).rejects.toThrow('no network');
  slow.resolve(de);
  await expect(german).rejects.toThrow('no network');
  expect(m.hold()).toBe(en.hold);
  vi.restoreAllMocks();
  await needWords('first');
});

test('the language that is set on the device is spoken, and is in a cookie for the server; without one, the browser’s is', async () => {
  let device: 'system' | 'en' | 'de' = $state('en');
  await following(() => device, ['first']);
  expect([m.hold(), document.cookie]).toEqual([en.hold, 'perch-language=en']);
  device = 'de';
  await vi.waitFor(() => expect(m.hold()).toBe(de.hold));
  expect(document.cookie).toBe('perch-language=de');
  device = 'system';
  await vi.waitFor(() => expect(m.hold()).toBe(en.hold));
  expect(document.cookie).toBe('');
});

test('a page that begins asks for the words of its language alone, once', async () => {
  const asked = vi.spyOn(files, 'loadWords');
  await following(() => 'de', [unasked('alone')]);
  flushSync();
  expect(m.hold()).toBe(de.hold);
  expect(asked.mock.calls.filter(([, group]) => group === unasked('alone'))).toEqual([
    ['de', unasked('alone')],
  ]);
  expect(asked.mock.calls.map(([language]) => language)).not.toContain('en');
});

test('a page begins in English where its language cannot be loaded, and speaks it once it can; without English it does not begin', async () => {
  vi.useFakeTimers();
  let missing = ['de', 'en'];
  const asked = vi
    .spyOn(files, 'loadWords')
    .mockImplementation((language) =>
      missing.includes(language)
        ? Promise.reject(new TypeError('no network'))
        : Promise.resolve(language === 'de' ? de : en),
    );
  await expect(following(() => 'de', [unasked('missing')])).rejects.toThrow('no network');
  missing = ['de'];
  await following(() => 'de', [unasked('missing')]);
  expect(m.hold()).toBe(en.hold);
  await vi.advanceTimersByTimeAsync(15_000);
  expect(m.hold()).toBe(en.hold);
  missing = [];
  await vi.advanceTimersByTimeAsync(15_000);
  expect(m.hold()).toBe(de.hold);
  asked.mockClear();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).not.toHaveBeenCalled();
});

test.for(['before it has failed', 'after it has failed'])(
  'a language that is no longer wanted, %s, is not tried again',
  async (when) => {
    vi.useFakeTimers();
    await speak('en', 'first');
    const failing = Promise.withResolvers<typeof de>();
    const asked = vi.spyOn(files, 'loadWords').mockReturnValue(failing.promise);
    let device: 'en' | 'de' | 'fr' = $state('en');
    await following(() => device, []);
    flushSync();
    const fail = async () => {
      failing.reject(new TypeError('no network'));
      await vi.advanceTimersByTimeAsync(0);
    };
    device = 'de';
    flushSync();
    if (when === 'after it has failed') await fail();
    device = 'fr';
    flushSync();
    await fail();
    asked.mockReset().mockResolvedValue(en);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(asked.mock.calls.map(([language]) => language))).toEqual(new Set(['fr']));
  },
);

test('the server is told of the language on each page for a year, by this site alone', async () => {
  const written = vi.spyOn(document, 'cookie', 'set');
  await following(() => 'en', ['first']);
  flushSync();
  expect(written.mock.calls).toEqual([['perch-language=en; Path=/; Max-Age=31536000; SameSite=Lax']]);
});
