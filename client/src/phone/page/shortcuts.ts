/** Keys that act in a call; each has modifiers, so that typing cannot hang up (WCAG 2.1.4). */
export const SHORTCUTS = {
  answer: 'Alt+Shift+A',
  decline: 'Alt+Shift+D',
  mute: 'Alt+Shift+M',
  hold: 'Alt+Shift+H',
  add: 'Alt+Shift+C',
  transfer: 'Alt+Shift+T',
  swap: 'Alt+Shift+S',
  keypad: 'Alt+Shift+K',
  end: 'Alt+Shift+E',
} as const;
export type Shortcut = keyof typeof SHORTCUTS;

/** The shortcut that a key press means, by the place of the key: Alt makes other letters on many keyboards. */
export function shortcutOf({
  altKey,
  shiftKey,
  ctrlKey,
  metaKey,
  code,
}: KeyboardEvent): Shortcut | undefined {
  if (!altKey || !shiftKey || ctrlKey || metaKey) return undefined;
  const names = Object.keys(SHORTCUTS) as Shortcut[];
  return names.find((name) => code === `Key${SHORTCUTS[name].slice(-1)}`);
}
