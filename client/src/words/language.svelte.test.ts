import { flushSync } from 'svelte';
import { afterAll, expect, test, vi } from 'vitest';
import de from '../../messages/de.json' with { type: 'json' };
import en from '../../messages/en.json' with { type: 'json' };
import ro from '../../messages/ro.json' with { type: 'json' };
import * as files from './files.ts';
import { tellLanguages } from './language.svelte.ts';
import { following } from './support/following.ts';
import { m, speak } from './messages.svelte.ts';

/** The next file finds the same words. */
afterAll(() => speak('en'));

test('a station speaks the language of its guest while they are there, then its own, and keeps nothing of theirs', async () => {
  const STATION = '/station/201';
  const own = { person: null, page: null, organization: null };
  const written = vi.spyOn(document, 'cookie', 'set');
  const kept = () => written.mock.calls.splice(0).map(([cookie]) => cookie.split('; ', 2).join(' '));
  await following(() => 'en', ['first']);
  tellLanguages(own, STATION);
  flushSync();
  expect([m.hold(), kept()]).toEqual([
    en.hold,
    ['perch-language=en Path=/', `perch-language= Path=${STATION}`],
  ]);

  tellLanguages({ ...own, person: 'ro' }, STATION);
  await vi.waitFor(() => expect(m.hold()).toBe(ro.hold));
  expect(document.documentElement.lang).toBe('ro');
  tellLanguages(own, STATION);
  await vi.waitFor(() => expect(m.hold()).toBe(en.hold));

  // Another guest has gone before their words have come.
  const words = Promise.withResolvers<typeof de>();
  vi.spyOn(files, 'loadWords').mockImplementation((language) =>
    language === 'de' ? words.promise : Promise.resolve(en),
  );
  tellLanguages({ ...own, person: 'de' }, STATION);
  flushSync();
  tellLanguages(own, STATION);
  flushSync();
  words.resolve(de);
  await words.promise;
  await new Promise((resolve) => setTimeout(resolve));
  expect(m.hold()).toBe(en.hold);
  expect(kept()).toEqual([]);

  vi.mocked(files.loadWords).mockRestore();
  tellLanguages({ ...own, page: 'de' }, STATION);
  await vi.waitFor(() => expect(m.hold()).toBe(de.hold));
  expect(kept()).toEqual([`perch-language=de Path=${STATION}`]);
});
