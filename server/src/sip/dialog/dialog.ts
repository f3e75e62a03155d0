import { callIdOf, contactsOf, cseqOf, fromOf, toOf } from '../message/essentials.ts';
import type { HeaderField, SipMessage, SipRequest, SipResponse } from '../message/message.ts';
import type { NameAddr } from '../message/fields/name-addr.ts';
import { quoteText } from '../message/fields/quoting.ts';
import { hasToken, tokensOf } from '../message/fields/token-list.ts';

/** A name and an address as they appear in From, To or P-Asserted-Identity. */
export interface Identity {
  /** UTF-8 text as people read it; encoded on the wire. */
  readonly displayName?: string;
  /** `sip:101@example.org`. */
  readonly uri: string;
}

/** The state of one dialog (RFC 3261 §12): a value, replaced whole. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Empty for a peer of RFC 2543, which may have none (RFC 3261 §12.1.1). */
  readonly remoteTag: string;
  readonly local: Identity;
  readonly remote: Identity;
  /** Of our last request; 0 before the first. */
  readonly localSequence: number;
  /** Of the peer's last request; -1 before the first. */
  readonly remoteSequence: number;
  readonly remoteTarget: string;
  readonly routeSet: readonly string[];
  readonly role: 'uac' | 'uas';
  /** Does the peer take UPDATE (RFC 3311)? */
  readonly allowsUpdate: boolean;
}

/** The dialog that a request makes once we answer it with `localTag`; `undefined` where it has no usable Contact (RFC 3261 §12.1.1). */
export function dialogOfRequest(request: SipRequest, localTag: string): Dialog | undefined {
  const remoteTarget = contactUri(request);
  if (remoteTarget === undefined) return undefined;
  return {
    callId: callIdOf(request),
    localTag,
    remoteTag: fromOf(request).tag ?? '',
    local: identityOf(toOf(request)),
    remote: identityOf(fromOf(request)),
    localSequence: 0,
    remoteSequence: cseqOf(request).number,
    remoteTarget,
    routeSet: request.headers.all('record-route'),
    role: 'uas',
    allowsUpdate: allowsUpdate(request),
  };
}

/**
 * The dialog that a 2xx to our request makes; `undefined` where it has no tag (RFC 3261 §12.1.2). Without a Contact,
 * which is mandatory, the target stays the URI that we called.
 */
export function dialogOfResponse(
  response: SipResponse,
  local: Identity,
  remote: Identity,
  invited: string,
): Dialog | undefined {
  const remoteTag = toOf(response).tag;
  if (remoteTag === undefined) return undefined;
  return {
    callId: callIdOf(response),
    localTag: fromOf(response).tag ?? '',
    remoteTag,
    local,
    remote,
    localSequence: cseqOf(response).number,
    remoteSequence: -1,
    remoteTarget: contactUri(response) ?? invited,
    routeSet: response.headers.all('record-route').toReversed(),
    role: 'uac',
    allowsUpdate: allowsUpdate(response),
  };
}

/** Does a message of the peer belong to this dialog, by tags and Call-ID (RFC 3261 §12.2.2)? */
export function isOfDialog(dialog: Dialog, request: SipRequest): boolean {
  return (
    toOf(request).tag === dialog.localTag &&
    (fromOf(request).tag ?? '') === dialog.remoteTag &&
    callIdOf(request) === dialog.callId
  );
}

/** Requests of a peer that may move its target (RFC 3261 §12.2, RFC 3311 §5.1, RFC 6665 §3.1). */
const REFRESH_TARGET = new Set(['INVITE', 'UPDATE', 'SUBSCRIBE']);

/**
 * The dialog after a request of the peer; `undefined` where that is out of order (500, RFC 3261 §12.2.2).
 * JsSIP repeats a number, with a new branch, after a 491: the same number is let through.
 */
export function received(dialog: Dialog, request: SipRequest): Dialog | undefined {
  const remoteSequence = cseqOf(request).number;
  if (remoteSequence < dialog.remoteSequence) return undefined;
  const remoteTarget =
    (REFRESH_TARGET.has(request.method) ? contactUri(request) : undefined) ?? dialog.remoteTarget;
  return { ...dialog, remoteSequence, remoteTarget };
}

/** A 2xx to our INVITE or UPDATE may move the peer's target (RFC 3261 §12.2.1.2). */
export function retargeted(dialog: Dialog, response: SipResponse): Dialog {
  return { ...dialog, remoteTarget: contactUri(response) ?? dialog.remoteTarget };
}

/** The dialog after we have used our next number. */
export function advanced(dialog: Dialog): Dialog {
  return { ...dialog, localSequence: dialog.localSequence + 1 };
}

/** From, To, Call-ID, CSeq and Route of a request of ours with that number (RFC 3261 §12.2.1.1; an ACK its INVITE's). */
export function requestFields(
  dialog: Dialog,
  method: string,
  sequence = dialog.localSequence,
): HeaderField[] {
  const { local, localTag, remote, remoteTag, callId, routeSet } = dialog;
  const fields: HeaderField[] = [
    ['From', addressOf(local, localTag)],
    ['To', addressOf(remote, remoteTag)],
    ['Call-ID', callId],
    ['CSeq', `${String(sequence)} ${method}`],
  ];
  for (const route of routeSet) fields.push(['Route', route]);
  return fields;
}

/** The value of a From or To; without `;tag` where the tag is empty. */
export function addressOf({ displayName, uri }: Identity, tag: string): string {
  const name = displayName === undefined ? '' : `${quoteText(displayName)} `;
  return `${name}<${uri}>${tag === '' ? '' : `;tag=${tag}`}`;
}

function identityOf({ displayName, uri }: NameAddr): Identity {
  return displayName === undefined ? { uri } : { displayName, uri };
}

/** JsSIP's 2xx has no Allow; a peer that supports session timers is assumed to support UPDATE. */
function allowsUpdate(message: SipMessage): boolean {
  const allowed = tokensOf(message, 'allow');
  return allowed.length === 0 ? hasToken(message, 'supported', 'timer') : allowed.includes('UPDATE');
}

function contactUri(message: SipMessage): string | undefined {
  const contacts = contactsOf(message);
  return contacts === '*' ? undefined : contacts[0]?.uri;
}
