import { isLanguage, type Language } from '@perch/shared';

/** How SQLite keeps what it has no type for. A repository says which of these a column is; only this file converts. */

/** Milliseconds since 1970-01-01 UTC. */
export type Instant = number;

export type Octets = Buffer;

export type Flag = 0 | 1;

/** A language; one that a newer version has written, and this one does not speak, is none. */
export const spoken = {
  read: (kept: string | null): Language | null => (kept !== null && isLanguage(kept) ? kept : null),
};

export const flag = {
  read: (kept: Flag): boolean => kept === 1,
  write: (value: boolean): Flag => (value ? 1 : 0),
};

declare const meaning: unique symbol;
/** A value as JSON. */
export type Json<Value> = string & { readonly [meaning]: Value };

export const json = {
  read: <Value>(kept: Json<Value>): Value => JSON.parse(kept) as Value,
  write: <Value>(value: Value): Json<Value> => JSON.stringify(value) as Json<Value>,
};
