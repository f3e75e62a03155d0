import './no-evaluated-code.ts';
import '@fontsource-variable/inter/opsz.css';
import { Settings } from './state/page/settings.svelte.ts';
import { followTheme } from './ui/theme.svelte.ts';
import type { WordGroup } from './words/files.ts';
import { followLanguage } from './words/language.svelte.ts';
import './ui/base.css';

/** Begins a page, once its words are there: what the script of every HTML file does. */
export async function begin(
  words: readonly WordGroup[],
  show: (target: HTMLElement, settings: Settings) => void,
): Promise<void> {
  const target = document.getElementById('app');
  if (target === null) throw new Error('the page has no #app');
  const settings = new Settings();
  followTheme(() => settings.values.theme);
  await followLanguage(() => settings.values.language, words);
  show(target, settings);
}
