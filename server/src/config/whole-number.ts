import type { Variable } from './env.ts';
import { Misconfigured } from './misconfigured.ts';

/** A variable that is a number; `what` names the quantity in the error message. */
export function wholeNumber(
  name: Variable,
  text: string,
  what: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new Misconfigured(`${name} is ${text}; ${what} is a number from ${least} to ${most}.`);
  return number;
}
