import { fromOf, toOf } from '../sip/message/essentials.ts';
import type { SipRequest } from '../sip/message/message.ts';
import { isAnonymous } from '../sip/message/fields/privacy.ts';
import { parseUri } from '../sip/message/fields/uri.ts';
import type { Account } from './ports.ts';

/**
 * Does a request say that it comes from the account that sent it? From must name it, and To as well in a REGISTER: no one
 * calls or registers for others (RFC 3261 §10.3). Within a dialog From is what the dialog says, and the dialog knows its peer.
 * An anonymous From makes no claim (RFC 3323 §4.1.1.3).
 */
export function isOwn(request: SipRequest, account: Account): boolean {
  const to = toOf(request);
  if (request.method === 'REGISTER') return names(to.uri, account) && names(fromOf(request).uri, account);
  const { uri } = fromOf(request);
  return to.tag !== undefined || names(uri, account) || isAnonymous(uri);
}

/** Hot path: the usual spelling of the address is compared, any other is parsed. */
function names(uri: string, account: Account): boolean {
  if (uri === `sip:${account.number}@${account.domain}`) return true;
  const parsed = parseUri(uri);
  return parsed?.user === account.number && parsed.host === account.domain;
}
