import type { CallId } from '@perch/shared';

/** What a call is known by. */
export type CallIdentity =
  /** A call of ours that the server has not answered yet: nothing that the server says can be about it. */
  | { readonly kind: 'local'; readonly local: LocalCallId }
  /** The server has named it, in its INVITE or in a response to ours: what it says of `id` is about this call. */
  | { readonly kind: 'named'; readonly local: LocalCallId; readonly id: CallId };

declare const brand: unique symbol;

/** A call within this page, from its first moment on. The server never learns it. */
export type LocalCallId = number & { readonly [brand]: 'LocalCallId' };

export const localCallId = (value: number): LocalCallId => value as LocalCallId;

/** The same call under the id that the server has given it. A later id replaces an earlier one: its other half was replaced. */
export const named = ({ local }: CallIdentity, id: CallId): CallIdentity => ({ kind: 'named', local, id });

/** The id under which the server speaks of it; `null` while it has none. */
export const idOf = (identity: CallIdentity): CallId | null =>
  identity.kind === 'named' ? identity.id : null;
