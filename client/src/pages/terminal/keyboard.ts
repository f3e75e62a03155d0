import { keyOf } from '@perch/shared';
import { shortcutOf, TYPED } from '../../phone/page/shortcuts.ts';
import type { Phone } from '../../state/phone.svelte.ts';

/** What the keyboard does to a phone: in each of its windows the same. */
export function pressed(phone: Phone, event: KeyboardEvent): void {
  const writing = isWriting(event);
  const shortcut = phone.settings.values.shortcuts ? shortcutOf(event, writing) : undefined;
  if (shortcut !== undefined) {
    event.preventDefault();
    phone.keys.act(shortcut);
  } else if (!writing) type(phone, event);
}

/** Outside of text fields, the keyboard is a keypad. */
function type({ keys }: Phone, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === TYPED.erase) {
    keys.erase();
    return;
  }
  // If Enter is held too long after making a call, it must not end the entry of a code that has not been typed.
  if (event.repeat) return;
  const key = keyOf(event.key);
  if (key !== undefined) keys.press(key);
  else if (event.key === TYPED.enter && !isOnButton(event)) keys.enter();
}

/** Also while a dialog is open that does not have the focus. */
const isWriting = ({ target }: KeyboardEvent): boolean =>
  document.querySelector('[role="dialog"]') !== null ||
  (target instanceof Element && target.closest('input, select, textarea') !== null);

const isOnButton = ({ target }: KeyboardEvent): boolean =>
  target instanceof Element && target.closest('button, a, summary') !== null;
