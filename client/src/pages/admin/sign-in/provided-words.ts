import type { ProblemCode } from '@perch/shared';
import { m } from '../../../words/messages.svelte.ts';

type Words = (inputs: { readonly provider: string }) => string;

const OUTCOMES: Partial<Record<ProblemCode, Words>> = {
  'provider-unavailable': m.provided_unavailable,
  'provider-refused': m.provided_refused,
  'sign-in-over': m.provided_over,
  'email-unverified': m.provided_unverified,
  'person-unknown': m.provided_unknown,
  'person-mismatch': m.provided_mismatch,
  'organization-needed': m.provided_organization,
  'too-many-requests': m.provided_too_many,
};

const isKnown = (outcome: string): outcome is keyof typeof OUTCOMES => Object.hasOwn(OUTCOMES, outcome);

/** Why somebody was not signed in at a provider; `undefined` where there is nothing to say of it. */
export const outcomeInWords = (outcome: string, provider: string): string | undefined =>
  isKnown(outcome) ? OUTCOMES[outcome]?.({ provider }) : undefined;
