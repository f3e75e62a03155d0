/** Why a secret code, or a PIN, is refused; the sentence is for the person who chose it. */
export interface SecretCodeProblem {
  readonly kind: 'not-digits' | 'length' | 'own-number' | 'one-digit-repeated' | 'straight-run';
  readonly message: string;
}

/** The number of digits of a code or a PIN. */
export const SHORTEST_SECRET = 4;
export const LONGEST_SECRET = 8;

/** How long a station stays unlocked that was let out of kiosk mode by its PIN (milliseconds). */
export const KIOSK_UNLOCKED_MS = 10 * 60_000;

/** Easily guessed rows of keys: counting up or down, and the only column of a keypad with four keys. */
const RUNS = ['01234567890', '09876543210', '2580', '0852'];

/** Is this code strong enough for the extension? `undefined` where it is, else why not. */
export const validateSecretCode = (code: string, extensionNumber: string): SecretCodeProblem | undefined =>
  weaknessOf(code, extensionNumber, 'secret code');

/** Is this PIN strong enough for the extension's mailbox? By the rules of a secret code. */
export const validateVoicemailPin = (pin: string, extensionNumber: string): SecretCodeProblem | undefined =>
  weaknessOf(pin, extensionNumber, 'PIN');

/** Is this PIN, which unlocks the stations of an organization, strong enough? */
export const validateStationPin = (pin: string): SecretCodeProblem | undefined => weaknessOf(pin, '', 'PIN');

function weaknessOf(
  code: string,
  extensionNumber: string,
  what: 'secret code' | 'PIN',
): SecretCodeProblem | undefined {
  if (!/^\d*$/.test(code)) return { kind: 'not-digits', message: `A ${what} has digits only.` };
  if (code.length < SHORTEST_SECRET || code.length > LONGEST_SECRET)
    return { kind: 'length', message: `A ${what} has ${SHORTEST_SECRET} to ${LONGEST_SECRET} digits.` };
  if (code === extensionNumber)
    return { kind: 'own-number', message: `The ${what} must not be the extension’s own number.` };
  if (/^(\d)\1*$/.test(code))
    return { kind: 'one-digit-repeated', message: 'One digit repeated is too easy to guess.' };
  if (RUNS.some((run) => run.includes(code)))
    return { kind: 'straight-run', message: 'Keys in a row, such as 1234 or 2580, are too easy to guess.' };
  return undefined;
}
