import type { ExtensionView } from '@perch/shared';
import { m } from '../../words/messages.svelte.ts';
import { type Trouble, troublesOf } from '../../phone/floor/troubles.ts';
import { lengthInWords } from '../../ui/moments.ts';
import { VERSION } from '../../version.ts';

type Page = ExtensionView['page'];

const WORDS: Readonly<Record<Trouble, (page: Page) => string>> = {
  'microphone-denied': () => m.trouble_microphone_denied(),
  'microphone-missing': () => m.trouble_microphone_missing(),
  check: () => m.trouble_check(),
  clock: (page) => clockInWords(page?.clockAhead ?? 0),
  'old-page': () => m.trouble_old_page(),
};

/** What is wrong with a phone, in plain words, the worst first. */
export const troubleSentences = (of: Parameters<typeof troublesOf>[0]): readonly string[] =>
  troublesOf(of, VERSION).map((trouble) => WORDS[trouble](of.page));

const MINUTE_MS = 60_000;

/** How far a clock is ahead of the server's, or behind (milliseconds): told in minutes, from one minute on. */
function clockInWords(ahead: number): string {
  const length = lengthInWords(Math.round(Math.abs(ahead) / MINUTE_MS) * MINUTE_MS);
  return ahead > 0 ? m.clock_ahead({ length }) : m.clock_behind({ length });
}
