import { decidesForAll, type Failure, failureOf } from '../outcome.ts';

/** The id of a leg, which is all that the machines know of it. */
export type LegId = string;

/** An extension ringing at all phones of a terminal (RFC 3261 §16.7 in the terms of a back-to-back call). */
export interface Fork {
  /** Phones that may still answer. */
  readonly branches: readonly LegId[];
  /** Has a phone rung? Then the caller has heard ringback. */
  readonly progressed: boolean;
  /** Did a phone lose its flow while it rang? It may come back. */
  readonly awaited: boolean;
  /** The best reason so far why there will be no answer. */
  readonly failure: Failure;
}

export const forkOf = (branches: readonly LegId[], progressed = false): Fork => ({
  branches,
  progressed,
  awaited: false,
  failure: 'offline',
});

/** Which failure callers are told, most preferred first: a person's decision comes before a machine's. */
const PREFERENCE: readonly Failure[] = [
  'refused',
  'declined',
  'busy',
  'not-acceptable',
  'no-answer',
  'offline',
];

const better = (one: Failure, other: Failure): Failure =>
  PREFERENCE.indexOf(one) < PREFERENCE.indexOf(other) ? one : other;

/**
 * One phone will not answer. Returns the fork without it, or the failure that ends the whole: no phone is left to ring, or
 * one declined for all, or sent the caller to the mailbox. 486 of one phone lets the others ring.
 */
export function branchFailed(fork: Fork, leg: LegId, status: number): Fork | Failure {
  const failure = better(failureOf(status), fork.failure);
  if (decidesForAll(status)) return failureOf(status);
  const branches = fork.branches.filter((branch) => branch !== leg);
  // A phone that is only reconnecting is waited for, unless the caller has had no ringback yet: then it is told at once.
  const awaited = fork.awaited || (status === 503 && fork.progressed);
  return branches.length > 0 || awaited ? { ...fork, branches, awaited, failure } : failure;
}

/** That branch rings, also where it is one of the fork already, and the one that it takes the place of no more. */
export function branchAppeared(
  fork: Fork,
  { branch, instead }: { readonly branch: LegId; readonly instead: LegId | null },
): Fork {
  const others = fork.branches.filter((each) => each !== instead && each !== branch);
  return { ...fork, branches: [...others, branch], awaited: false };
}

/** One phone is asleep, and will not answer. Returns the fork without it, or the failure that ends the whole. */
export function branchAsleep(fork: Fork, leg: LegId): Fork | Failure {
  const branches = fork.branches.filter((branch) => branch !== leg);
  return branches.length > 0 || fork.awaited ? { ...fork, branches } : fork.failure;
}

/** The failure when no phone has answered in time. */
export const noAnswer = (fork: Fork): Failure => (fork.branches.length > 0 ? 'no-answer' : fork.failure);
