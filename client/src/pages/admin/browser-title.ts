import { m } from '../../words/messages.svelte.ts';
import { browserName } from '../../phone/page/browser-name.ts';

/** `Chrome on Windows`, from a User-Agent. */
export function browserTitle(userAgent: string | null): string {
  const known = browserName(userAgent ?? '');
  if (known === undefined) return m.browser_unknown();
  const { browser, system } = known;
  return system === undefined ? browser : m.browser_on({ browser, system });
}
