import { toOf } from '../message/essentials.ts';
import type { SipRequest } from '../message/message.ts';
import { sessionExpiresOf } from '../message/fields/session-expires.ts';
import { tokensOf } from '../message/fields/token-list.ts';
import { schemeOf } from '../message/fields/uri.ts';
import { MIN_SECONDS } from '../dialog/machines/session-timer.ts';
import type { OutgoingResponse } from '../transaction/transaction-layer.ts';
import { acceptsType } from './accepted-types.ts';
import { ACCEPT, ALLOW, isSdp, methods } from './own-fields.ts';

/** Extensions that a peer may insist on: they ask nothing of us, or we do them. */
const KNOWN_OPTIONS = new Set(['timer', 'replaces', 'outbound', 'path', 'gruu', 'ice']);

/** Within a dialog only. */
const DIALOG_METHODS = new Set(['BYE', 'INFO', 'UPDATE', 'NOTIFY']);

type Check = (request: SipRequest) => OutgoingResponse | undefined;

/**
 * The checks that every request must pass, in the order of RFC 3261 §8.2. Max-Forwards is not among them: every request ends
 * here and what we send is our own, so even a request with no hops left is processed (RFC 3261 §16.3 is for proxies).
 */
const checks: readonly Check[] = [method, scheme, belonging, extensions, session, content];

/** The refusal that a request earns before its meaning matters; `undefined` where it is sound. */
export function refusalOf(request: SipRequest): OutgoingResponse | undefined {
  for (const check of checks) {
    const refusal = check(request);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** 405 for a method that we know and do not take, 501 for one that we have never heard of (RFC 3261 §8.2.1, §21.5.2). */
function method(request: SipRequest): OutgoingResponse | undefined {
  if (methods.has(request.method)) return undefined;
  return { status: request.method === 'PRACK' ? 405 : 501, fields: [ALLOW] };
}

/** What can be called (RFC 3261 §19.1, RFC 3966, RFC 5031); everything else that is asked of us has a SIP URI. */
const CALLED = new Set(['sip', 'sips', 'tel', 'urn']);

function scheme({ uri, method }: SipRequest): OutgoingResponse | undefined {
  const name = schemeOf(uri);
  const isKnown = method === 'INVITE' ? CALLED.has(name) : name === 'sip' || name === 'sips';
  return isKnown ? undefined : { status: 416 };
}

function belonging(request: SipRequest): OutgoingResponse | undefined {
  const outside = toOf(request).tag === undefined;
  return outside && DIALOG_METHODS.has(request.method) ? { status: 481 } : undefined;
}

/** RFC 3261 §8.2.2.3. We do not support `100rel`: early media needs no PRACK over a reliable transport. */
function extensions(request: SipRequest): OutgoingResponse | undefined {
  const unsupported = tokensOf(request, 'require').filter(
    (option) => !KNOWN_OPTIONS.has(option.toLowerCase()),
  );
  if (unsupported.length === 0) return undefined;
  return { status: 420, fields: [['Unsupported', unsupported.join(', ')]] };
}

/** RFC 4028 §9. */
function session(request: SipRequest): OutgoingResponse | undefined {
  if (request.method !== 'INVITE' && request.method !== 'UPDATE') return undefined;
  const seconds = sessionExpiresOf(request)?.seconds;
  if (seconds === undefined || seconds >= MIN_SECONDS) return undefined;
  return { status: 422, fields: [['Min-SE', String(MIN_SECONDS)]] };
}

/** Of INVITE and UPDATE only SDP is understood, and only SDP is answered (RFC 3261 §8.2.3, §20.1). */
function content(request: SipRequest): OutgoingResponse | undefined {
  if (request.method !== 'INVITE' && request.method !== 'UPDATE') return undefined;
  const { headers, body } = request;
  const encoding = headers.get('content-encoding')?.toLowerCase() ?? 'identity';
  if (encoding !== 'identity') return { status: 415, fields: [['Accept-Encoding', 'identity']] };
  if (body !== '' && !isSdp(headers.get('content-type') ?? '')) return { status: 415, fields: [ACCEPT] };
  return acceptsType(request, 'application/sdp') ? undefined : { status: 406, fields: [ACCEPT] };
}
