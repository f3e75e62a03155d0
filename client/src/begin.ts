import './no-evaluated-code.ts';
import '@fontsource-variable/inter/opsz.css';
import { Settings } from './state/page/settings.svelte.ts';
import { followTheme } from './ui/theme.svelte.ts';
import './ui/base.css';

/** Begins a page: what the script of every HTML file does. */
export function begin(show: (target: HTMLElement, settings: Settings) => void): void {
  const target = document.getElementById('app');
  if (target === null) throw new Error('the page has no #app');
  const settings = new Settings();
  followTheme(() => settings.values.theme);
  show(target, settings);
}
