import { tick, untrack } from 'svelte';
import type { PageState } from '../../../phone/page/page-state.ts';
import { SHORTCUTS } from '../../../phone/page/shortcuts.ts';

/** The button that has the focus while it rings. */
const ANSWER = `[aria-keyshortcuts="${SHORTCUTS.answer}"]`;
/** Everything below the bar of a page. */
const STAGE = 'main[data-state] > .stage';

/**
 * Keeps the focus in the page, for keyboard users, when the focused element is gone: on Answer while it rings, afterwards
 * where it was before, and else at the beginning of the current stage. `call` identifies the one that the page shows. To be called while a
 * component is set up.
 */
export function followFocus(state: () => PageState, call: () => unknown): void {
  /** What had the focus before it rang, or a call began. */
  let before: Likeness | null = null;
  let had: Element | null = null;
  $effect.pre(() => {
    const now = state();
    call();
    had = document.activeElement;
    if (now === 'ringing' || now === 'in-call') before ??= untrack(() => likenessOf(had));
  });
  $effect(() => {
    const now = state();
    call();
    const worked = had !== null && had !== document.body;
    void tick().then(() => {
      if (now === 'ringing') document.querySelector<HTMLElement>(ANSWER)?.focus();
      else if (worked && document.activeElement === document.body) focusIn(now === 'in-call' ? null : before);
      if (now !== 'ringing' && now !== 'in-call') before = null;
    });
  });
}

/** What identifies an element when the page has replaced it by another one. */
interface Likeness {
  readonly tag: string;
  readonly name: string;
}

function likenessOf(element: Element | null): Likeness | null {
  if (element === null || element.closest(STAGE) === null) return null;
  return { tag: element.localName, name: nameOf(element) };
}

const nameOf = (element: Element): string =>
  element.getAttribute('aria-label') ??
  (element as Partial<HTMLInputElement>).labels?.[0]?.textContent ??
  element.textContent;

function focusIn(wanted: Likeness | null): void {
  const stage = document.querySelector<HTMLElement>(STAGE);
  if (stage === null) return;
  const candidates = wanted === null ? [] : [...stage.querySelectorAll<HTMLElement>(wanted.tag)];
  const same = candidates.find((element) => nameOf(element) === wanted?.name);
  // The first Tab then leads to the first thing on it.
  if (same === undefined) stage.tabIndex = -1;
  (same ?? stage).focus({ preventScroll: true });
}
