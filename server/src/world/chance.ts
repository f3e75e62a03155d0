/** Chance as an argument: the system's in the product, a `seededChance` in tests. */
export interface Chance {
  /** Unguessable octets. */
  bytes(count: number): Buffer;
  /** Evenly spread from 0 up to, not including, 1: for back-off. */
  fraction(): number;
  /** At least 64 unguessable bits, as letters and digits: for tags and Call-IDs (RFC 3261 §19.3). */
  token(): string;
  /** A unique id: a UUID of version 4 (RFC 9562 §5.4). */
  id(): string;
}
