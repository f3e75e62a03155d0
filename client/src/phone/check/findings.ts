import type { CheckedPart, CheckResult } from '@perch/shared';
import type { MicrophoneTrouble } from '../calls/microphone-trouble.ts';

/** What the check before a shift has found of each part. */
export interface Findings {
  /** `quiet`: it gives sound, and nobody spoke. The others are why it cannot be heard. */
  readonly microphone: 'good' | 'quiet' | MicrophoneTrouble;
  /** The echo call: it was not answered, or what was sent did not come back. */
  readonly line: 'good' | 'unreachable' | 'not-heard';
  /** `gone`: the chosen device is not there, and it rings on the default one. */
  readonly ring: 'good' | 'gone' | 'touch' | 'no-speaker';
  readonly notifications: 'good' | 'not-asked' | 'blocked' | 'unsupported';
  readonly network: 'good' | 'unsteady' | 'weak' | 'offline';
}

/** In the order in which they are shown: what keeps a phone from being used comes first. */
export const PARTS: readonly CheckedPart[] = ['microphone', 'line', 'network', 'ring', 'notifications'];

/** `look`: calls can be made and taken, but something may be missed. `stop`: they cannot. */
export type Severity = 'good' | 'look' | 'stop';

/** What may be missed; anything else that is not good keeps the phone from being used. */
const LOOKS: { readonly [Part in CheckedPart]: readonly Findings[Part][] } = {
  microphone: ['quiet'],
  line: [],
  ring: ['gone'],
  notifications: ['not-asked', 'blocked', 'unsupported'],
  network: ['unsteady'],
};

export function severityOf(part: CheckedPart, findings: Findings): Severity {
  const found: string = findings[part];
  if (found === 'good') return 'good';
  const looks: readonly string[] = LOOKS[part];
  return looks.includes(found) ? 'look' : 'stop';
}

/** What the server is told. */
export function resultOf(findings: Findings): CheckResult {
  const parts = PARTS.filter((part) => severityOf(part, findings) !== 'good');
  if (parts.length === 0) return { verdict: 'ready', parts };
  const stops = parts.some((part) => severityOf(part, findings) === 'stop');
  return { verdict: stops ? 'not-ready' : 'limited', parts };
}
