/** How keys are sent in a call: as events in the media (RFC 4733), or in signalling (INFO, RFC 6086). */
export type DigitsPath = 'rfc4733' | 'info';
export type DigitsSetting = 'automatic' | DigitsPath;

/** What is known of the media of a call: whether it can carry events, and whether the other side has been heard in it. */
export type DigitsMedia = 'none' | 'stands' | 'heard';

/**
 * How a key is sent now; `null` while the chosen way is not available. Automatic uses the media only once the other side
 * has been heard: until then it may not have the media's encryption keys yet (RFC 5764), and would lose an event.
 */
export function digitsPath(
  setting: DigitsSetting,
  media: DigitsMedia,
  lineStands: boolean,
): DigitsPath | null {
  if (setting === 'automatic' ? media === 'heard' : setting === 'rfc4733')
    return media === 'none' ? null : 'rfc4733';
  return lineStands ? 'info' : null;
}
