import * as z from 'zod/mini';

/** The number of another extension, where calls go on. */
const to = z.string().check(z.regex(/^\d{2,8}$/, 'Enter the number of an extension.'));

/** How long an extension rings before an unanswered call goes on (seconds). */
export const FORWARD_SECONDS = { least: 5, most: 60, usual: 15 } as const;

/** Where calls to an extension go on; each is `null` where they do not: then callers who are not answered get its mailbox. */
export const callForwards = z.object({
  /** At once, whatever its phone is doing. */
  always: z.nullable(to),
  /** While it is in a call, or where all of its phones say that they are busy. */
  busy: z.nullable(to),
  unanswered: z.nullable(
    z.object({ to, seconds: z.int().check(z.gte(FORWARD_SECONDS.least), z.lte(FORWARD_SECONDS.most)) }),
  ),
  /** Where no phone can ring for it: none is connected, all are asleep, or somebody else is at its own. */
  unreachable: z.nullable(to),
});
export type CallForwards = z.infer<typeof callForwards>;

export const NO_FORWARDS: CallForwards = { always: null, busy: null, unanswered: null, unreachable: null };

/** Why calls to the extension `own` cannot go on to that number; `null` where they can. */
export function forwardFault(
  to: string,
  { own, emergencyNumbers, exists }: ForwardRules,
): 'itself' | 'emergency' | 'unknown' | null {
  if (to === own) return 'itself';
  if (emergencyNumbers.includes(to)) return 'emergency';
  return exists(to) ? null : 'unknown';
}

interface ForwardRules {
  readonly own: string;
  readonly emergencyNumbers: readonly string[];
  /** Does an extension have that number? */
  readonly exists: (number: string) => boolean;
}

/** Every number to which calls may go on. */
export const forwardTargets = ({ always, busy, unanswered, unreachable }: CallForwards): readonly string[] =>
  [always, busy, unanswered?.to ?? null, unreachable].filter((number) => number !== null);
