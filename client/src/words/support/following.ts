import { onTestFinished } from 'vitest';
import { followLanguage } from '../language.svelte.ts';

/** Follows the language until the test is over: other files of its worker have a page of their own. */
export async function following(...args: Parameters<typeof followLanguage>): Promise<void> {
  onTestFinished(await followLanguage(...args));
}
