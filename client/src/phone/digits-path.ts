/** How keys travel in a call: as sound events in the media (RFC 4733), or in signalling (INFO, RFC 6086). */
export type DigitsPath = 'rfc4733' | 'info';
export type DigitsSetting = 'automatic' | DigitsPath;

/** Until media is up nobody could hear an event in it, so that automatic takes the signalling. */
export function digitsPath(setting: DigitsSetting, mediaCanCarry: boolean): DigitsPath {
  if (setting === 'automatic') return mediaCanCarry ? 'rfc4733' : 'info';
  return setting;
}
