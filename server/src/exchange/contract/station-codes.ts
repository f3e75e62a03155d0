import type { CodedStation, TerminalId } from '@perch/shared';

/** A code for a station to show, in its two spellings. */
export interface IssuedCode {
  readonly link: string;
  readonly typed: string;
  /** How long it can be used from now on (milliseconds). */
  readonly validMs: number;
}

/** Why nobody is signed in. */
export type CodeRefusal =
  /** About the code. `gone`: its station shows another one by now, or none; `overtaken`: somebody else has come there. */
  | 'unknown-code'
  | 'expired'
  | 'used'
  | 'gone'
  | 'overtaken'
  /** About the station. */
  | 'not-allowed'
  | 'station-busy'
  | 'station-locked'
  | 'emergency-call'
  /** About the phone that asks, and its extension. */
  | 'not-own-phone'
  | 'no-secret-code'
  | 'extension-locked';

/** What somebody has scanned or typed, at their own phone. */
interface Asked {
  readonly phone: TerminalId;
  readonly code: string;
}

export interface StationCodeCommands {
  /** The earlier one of that terminal can no longer be used. */
  'issue-station-code': [{ readonly terminal: TerminalId }, IssuedCode | 'not-allowed'];
  'withdraw-station-code': [{ readonly terminal: TerminalId }, 'done'];
  'look-up-station': [Asked, CodedStation | CodeRefusal];
  /** The owner of that phone moves to the station of the code, as by `*30` with their secret code. */
  'sign-in-at-station': [Asked, 'done' | CodeRefusal];
}
