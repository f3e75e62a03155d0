/** Closes a `switch` over a union: a new member is a compile error here before it is a bug. */
export function assertNever(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}
