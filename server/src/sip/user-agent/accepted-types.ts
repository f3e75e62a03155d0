import type { SipRequest } from '../message/message.ts';
import { tokensOf } from '../message/fields/token-list.ts';

/** Does the sender of the request accept a body of that type, its whole family, or any type at all (RFC 3261 §20.1)? */
export function acceptsType(request: SipRequest, type: string): boolean {
  const accepted = tokensOf(request, 'accept');
  if (accepted.length === 0) return true;
  const wanted = ['*/*', type, `${type.slice(0, type.indexOf('/'))}/*`];
  return accepted.some((each) => wanted.includes(withoutParameters(each).toLowerCase()));
}

const withoutParameters = (type: string): string => type.split(';', 1)[0]?.trim() ?? '';
