import type { SipMessage } from '../message.ts';

/** Fields whose value is a list of tokens. */
export type TokenListName =
  | 'accept'
  | 'allow'
  | 'allow-events'
  | 'proxy-require'
  | 'require'
  | 'supported'
  | 'unsupported';

/** Every token of such a field in order, over all its lines, as received; methods are compared in case, option tags in lower case. */
export const tokensOf = (message: SipMessage, name: TokenListName): readonly string[] =>
  message.headers.all(name);

/** Is that option tag or event type in the list, whatever its case (RFC 3261 §7.3.1)? */
export const hasToken = (message: SipMessage, name: TokenListName, token: string): boolean =>
  message.headers.all(name).some((each) => each.length === token.length && each.toLowerCase() === token);
