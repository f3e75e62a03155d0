import { enrolledTerminal, type EnrolledTerminal } from '@perch/shared';
import { TERMINAL_KEY } from './terminal-key.ts';

const INSTANCE = 'perch.instance.';

export function storedTerminals(): EnrolledTerminal[] {
  return Object.keys(localStorage)
    .filter((key) => key.startsWith(TERMINAL_KEY))
    .map((key) => storedTerminal(key.slice(TERMINAL_KEY.length)))
    .filter((terminal) => terminal !== undefined)
    .sort((a, b) => a.number.localeCompare(b.number, undefined, { numeric: true }));
}

export function storedTerminal(number: string): EnrolledTerminal | undefined {
  const text = localStorage.getItem(TERMINAL_KEY + number);
  if (text === null) return undefined;
  try {
    return enrolledTerminal.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

export function storeTerminal(terminal: EnrolledTerminal): void {
  localStorage.setItem(TERMINAL_KEY + terminal.number, JSON.stringify(terminal));
}

export function forgetTerminal(number: string): void {
  localStorage.removeItem(TERMINAL_KEY + number);
  localStorage.removeItem(INSTANCE + number);
}

/** `+sip.instance` of this terminal in this browser: the same phone after every reload (RFC 5626 §4.1). */
export function instanceOf(number: string): string {
  const stored = localStorage.getItem(INSTANCE + number);
  if (stored !== null) return stored;
  const instance = randomUuid();
  localStorage.setItem(INSTANCE + number, instance);
  return instance;
}

/** RFC 9562 §5.4; `crypto.randomUUID` is missing on pages that came without TLS. */
function randomUuid(): string {
  const octets = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...octets].map((octet, index) => {
    const versioned = index === 6 ? (octet & 0x0f) | 0x40 : index === 8 ? (octet & 0x3f) | 0x80 : octet;
    return versioned.toString(16).padStart(2, '0');
  });
  return hex.join('').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
