import { CALL_ID_OCTET, consistsOf, octetsOf } from '../octets.ts';
import { parseParameters } from './parameters.ts';

/** Which dialog an INVITE takes the place of (RFC 3891 §6.1). */
export interface Replaces {
  readonly callId: string;
  readonly toTag: string;
  readonly fromTag: string;
  /** Only a dialog that is not confirmed yet may be replaced. */
  readonly earlyOnly: boolean;
}

/** `toTag` is the tag of the UA that gets the INVITE (RFC 3891 §6.1). */
export const formatReplaces = ({ callId, toTag, fromTag }: Omit<Replaces, 'earlyOnly'>): string =>
  `${callId};to-tag=${toTag};from-tag=${fromTag}`;

/** `undefined` where it is malformed: exactly one of each tag must be there. */
export function parseReplaces(value: string): Replaces | undefined {
  const semicolon = value.indexOf(';');
  if (semicolon < 0) return undefined;
  const callId = value.slice(0, semicolon).trimEnd();
  const params = parseParameters(value.slice(semicolon));
  const toTag = params?.get('to-tag');
  const fromTag = params?.get('from-tag');
  if (callId === '' || !consistsOf(CALL_ID_OCTET, octetsOf(callId), 0, callId.length)) return undefined;
  if (params === undefined || !toTag || !fromTag) return undefined;
  return { callId, toTag, fromTag, earlyOnly: params.has('early-only') };
}
