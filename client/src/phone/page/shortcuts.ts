/**
 * The keys that act on a phone, in the order in which they are listed. Those that act in a call have modifiers, so that typing cannot hang up
 * (WCAG 2.1.4); a person can switch all of them off.
 */
export const SHORTCUTS = {
  answer: 'Alt+Shift+A',
  decline: 'Alt+Shift+D',
  voicemail: 'Alt+Shift+V',
  mute: 'Alt+Shift+M',
  hold: 'Alt+Shift+H',
  keypad: 'Alt+Shift+K',
  transfer: 'Alt+Shift+T',
  park: 'Alt+Shift+P',
  add: 'Alt+Shift+C',
  swap: 'Alt+Shift+S',
  end: 'Alt+Shift+E',
  list: '?',
} as const;
export type Shortcut = keyof typeof SHORTCUTS;

/** What the keyboard does where nothing is being written, beside the digits. */
export const TYPED = { enter: 'Enter', erase: 'Backspace' } as const;

type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey'>;

/**
 * The shortcut that a key press means: by the place of the key where it has modifiers, as Alt makes other letters on many keyboards, else by
 * its character. `isWriting`: it may be meant for a text.
 */
export function shortcutOf(pressed: Pressed, isWriting: boolean): Shortcut | undefined {
  const { key, code, altKey, shiftKey, ctrlKey, metaKey } = pressed;
  if (ctrlKey || metaKey) return undefined;
  if (key === SHORTCUTS.list && !altKey && !isWriting) return 'list';
  if (!altKey || !shiftKey) return undefined;
  const names = Object.keys(SHORTCUTS) as Shortcut[];
  return names.find((name) => SHORTCUTS[name].length > 1 && code === `Key${SHORTCUTS[name].slice(-1)}`);
}
