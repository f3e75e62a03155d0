import { tick, untrack } from 'svelte';
import { nextTask } from '../../../next-task.ts';
import type { PageState } from '../../../phone/page/page-state.ts';
import { SHORTCUTS } from '../../../phone/page/shortcuts.ts';

/** The button that has the focus while it rings. */
const ANSWER = `[aria-keyshortcuts="${SHORTCUTS.answer}"]`;
/** What begins or ends a call: pressed once more, it would do so to the next one. */
const ONCE = [ANSWER, ...[SHORTCUTS.decline, SHORTCUTS.end].map((keys) => `[aria-keyshortcuts="${keys}"]`)];
/** Everything below the bar of a page. */
const STAGE = 'main[data-state] > .stage';
/** How many presses are remembered. */
const MOST = 16;
/** What can be pressed. */
const KEY = 'button, a, input';

/**
 * Keeps the focus in the page, for keyboard users, when the focused element is gone. While it rings, it is on Answer; within a call where
 * it was, if that is there again in another card, or where something was pressed last; after it where it was before; and else at the beginning of the current
 * stage. `call` identifies the one that the page shows, and `person` who is at it. To be called while a component is set up.
 *
 * What is remembered has names in it, and its elements keep all that was around them: it goes with the call, with the element, and with the person.
 */
export function followFocus(state: () => PageState, call: () => unknown, person: () => unknown): void {
  /** What had the focus before it rang, or a call began. */
  let before: Place | null = null;
  /** What has had it last; outside of a call, as long as it is there. */
  let last: Place | null = null;
  /** It has been in the stage. */
  let wasInStage = false;
  /** What has been pressed since the call began. */
  let pressed: readonly Place[] = [];
  let isBusy = false;

  /** The focus was in the stage, and is nowhere now; on the stage itself it is during a call only. */
  const isLost = (): boolean => {
    const { activeElement, body } = document;
    return wasInStage && (activeElement === body || (!isBusy && activeElement?.matches(STAGE) === true));
  };
  const restore = (): void => {
    if (isLost())
      focusFirst((isBusy ? [last, ...[...pressed].reverse()] : [before]).filter((place) => place !== null));
    if (!isBusy && last?.element.isConnected === false) last = null;
  };

  $effect.pre(() => {
    person();
    before = null;
    pressed = [];
  });

  $effect.pre(() => {
    const wasBusy = isBusy;
    isBusy = ['ringing', 'in-call'].includes(state());
    call();
    if (isBusy === wasBusy) return;
    if (isBusy) before = untrack(() => placeOf(document.activeElement));
    pressed = [];
  });
  $effect(() => {
    const now = state();
    call();
    void tick().then(() => {
      if (now === 'ringing') document.querySelector<HTMLElement>(ANSWER)?.focus();
      else restore();
      if (!isBusy) before = null;
    });
  });
  $effect(() => {
    const onFocus = ({ target }: FocusEvent): void => {
      const place = target instanceof Element ? placeOf(target) : null;
      if (place === null) return;
      [last, wasInStage] = [place, true];
    };
    // A Tab past the last thing leads to the browser's own bar: what is drawn meanwhile must not lead back.
    let isTab = false;
    const onKey = ({ key }: KeyboardEvent): void => {
      isTab = key === 'Tab';
      if (isTab) void nextTask().then(() => (isTab = false));
    };
    const onBlur = ({ relatedTarget }: FocusEvent): void => {
      if (isTab && relatedTarget === null) [last, wasInStage] = [null, false];
    };
    const onPress = ({ target }: MouseEvent): void => {
      const place = isBusy && target instanceof Element ? placeOf(target.closest(KEY)) : null;
      if (place !== null) pressed = [...pressed.slice(1 - MOST), place];
    };
    // No event says that the element that had the focus is gone.
    const observer = new MutationObserver(() => {
      if (last?.element.isConnected !== true) restore();
    });
    document.addEventListener('keydown', onKey, { capture: true });
    document.addEventListener('focusout', onBlur);
    document.addEventListener('focusin', onFocus);
    document.addEventListener('click', onPress, { capture: true });
    observer.observe(document.body, { childList: true, subtree: true });
    return () => {
      document.removeEventListener('keydown', onKey, { capture: true });
      document.removeEventListener('focusout', onBlur);
      document.removeEventListener('focusin', onFocus);
      document.removeEventListener('click', onPress, { capture: true });
      observer.disconnect();
    };
  });
}

/** An element, and what identifies it when the page has replaced it by another one. */
interface Place {
  readonly element: HTMLElement;
  readonly name: string;
}

function placeOf(element: Element | null): Place | null {
  if (!(element instanceof HTMLElement) || element.closest(STAGE) === null || element.matches(STAGE))
    return null;
  return { element, name: nameOf(element) };
}

const nameOf = (element: Element): string =>
  element.getAttribute('aria-label') ??
  (element as Partial<HTMLInputElement>).labels?.[0]?.textContent ??
  element.textContent;

/** Focuses the first of these that is there. */
function focusFirst(places: readonly Place[]): void {
  const stage = document.querySelector<HTMLElement>(STAGE);
  if (stage === null) return;
  for (const { element, name } of places) {
    if (ONCE.some((keys) => element.matches(keys))) continue;
    const candidates = element.isConnected
      ? [element]
      : [...stage.querySelectorAll<HTMLElement>(element.localName)];
    const again = candidates.find((one) => nameOf(one) === name);
    again?.focus({ preventScroll: true });
    if (again !== undefined && document.activeElement === again) return;
  }
  // The first Tab then leads to the first thing on it.
  stage.tabIndex = -1;
  stage.focus({ preventScroll: true });
}
