/** Chance as an argument, so that a run can be repeated. */
export interface Random {
  /** At least 64 unguessable bits, as letters and digits: for tags and Call-IDs (RFC 3261 §19.3). */
  token(): string;
  /** Evenly spread from 0 up to, not including, 1: for branches and back-off. */
  readonly fraction: () => number;
}
