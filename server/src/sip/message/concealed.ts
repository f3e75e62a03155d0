import { dialledText, FEATURE_CODES, serviceOf } from '@perch/shared';
import { concealedBody } from './concealed-body.ts';
import { REMOVED } from './removed.ts';
import { decodeUtf8 } from './utf8.ts';

/** Which extension numbers there are: what follows the code of the Center is shown only where it is one, since a secret code may follow. */
export type IsExtension = (number: string) => boolean;

/**
 * Fields whose values are shown, compact forms included. Of all others, known or not, only the name is: a secret may be in any of them.
 */
const SHOWN: ReadonlySet<string> = new Set(
  (
    'via v from f to t call-id i cseq max-forwards content-length l contact m accept accept-encoding accept-language ' +
    'alert-info allow allow-events u call-info content-disposition content-encoding e content-type c date diversion ' +
    'event o expires flow-timer history-info in-reply-to min-expires min-se p-asserted-identity p-preferred-identity ' +
    'priority privacy proxy-require rack reason record-route refer-sub refer-to r referred-by b replaces require ' +
    'retry-after route rseq server session-expires x session-id subscription-state supported k target-dialog timestamp ' +
    'unsupported user-agent warning perch-call-id'
  ).split(' '),
);

/** Fields in which words follow each other without structure: nothing in them is a URI or a parameter. */
const PLAIN: ReadonlySet<string> = new Set(
  'call-id i cseq user-agent server date warning timestamp'.split(' '),
);

/** Parameters of URIs and of fields that are shown with their values. */
const PARAMETERS: ReadonlySet<string> = new Set(
  (
    'tag branch rport received alias keep ttl maddr transport lr ob gr user method comp phone-context expires q reg-id ' +
    '+sip.instance refresher from-tag to-tag early-only cause text protocol reason retry-after duration counter limit ' +
    'privacy screen purpose handling id index mp rc np charset level +perch.reseat +perch.heartbeat audio video local-tag remote-tag'
  ).split(' '),
);

/**
 * A SIP message, or what looks like one, as a text in which no secret is left: credentials and challenges, passwords, codes and tokens in URIs,
 * keys in session descriptions, dialled keys. What is not known to be harmless is removed, so that a field that nobody has thought of stays
 * hidden. PURE.
 */
export function concealed(frame: string, isExtension: IsExtension): string {
  const headEnd = frame.indexOf('\r\n\r\n');
  const head = headEnd < 0 ? frame : frame.slice(0, headEnd);
  const body = headEnd < 0 ? '' : frame.slice(headEnd + 4);
  // A bare CR or LF ends a line, too: what follows one must not pass as a part of what may be shown.
  const [start = '', ...lines] = head.replaceAll(/(?:\r\n?|\n)[ \t]+/g, ' ').split(/\r\n?|\n/);
  const fields = lines.map((line) => field(line, isExtension));
  const type = /^(?:content-type|c)[ \t]*:[ \t]*([^;\s]*)/i;
  const contentType = lines.map((line) => type.exec(line)?.[1]).find((found) => found !== undefined) ?? '';
  const told = [startLine(start, isExtension), ...fields, '', concealedBody(contentType.toLowerCase(), body)];
  return decodeUtf8(told.join('\r\n'));
}

function startLine(line: string, isExtension: IsExtension): string {
  const request = /^([A-Za-z.!%*_+`'~-]{1,32}) (\S+) (SIP\/2\.0)$/.exec(line);
  if (request) return `${request[1] ?? ''} ${uri(request[2] ?? '', isExtension)} SIP/2.0`;
  return /^SIP\/2\.0 \d{3}(?: |$)/.test(line) ? line : REMOVED;
}

function field(line: string, isExtension: IsExtension): string {
  const colon = line.indexOf(':');
  const name = line.slice(0, Math.max(colon, 0)).trimEnd();
  if (!/^[\w.!%*+`'~-]+$/.test(name)) return REMOVED;
  const value = line.slice(colon + 1).trim();
  const known = name.toLowerCase();
  if (!SHOWN.has(known)) return `${name}: ${REMOVED}`;
  return `${name}: ${PLAIN.has(known) ? value : concealedValue(value, isExtension)}`;
}

/**
 * Quoted names, bracketed URIs, parameters, and words, one of which may be a bare URI: what each piece of a value is, in this order. Each matches
 * wherever it begins, so that no value takes longer than its length.
 */
const PIECES =
  /"(?:[^"\\]|\\.?)*(?:"|$)|<[^>]*(?:>|$)|;[^=;,<>"\s]+(?:[ \t]*=[ \t]*(?:"(?:[^"\\]|\\.?)*(?:"|$)|<[^>]*(?:>|$)|[^;,\s]*))?|[^\s<>",;]+/g;

const concealedValue = (value: string, isExtension: IsExtension): string =>
  value.replaceAll(PIECES, (piece) => {
    if (piece.startsWith('"')) return /^"(?:[^"\\]|\\.)*"$/.test(piece) ? piece : REMOVED;
    if (piece.startsWith('<')) return `<${uri(piece.slice(1).replace(/>$/, ''), isExtension)}>`;
    return piece.startsWith(';') ? parameter(piece) : word(piece, isExtension);
  });

/** A word of a value: a bare URI, a host with its port, or what no address and no parameter is in. */
function word(piece: string, isExtension: IsExtension): string {
  if (/^(?:[\w-]+(?:\.[\w-]+)+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(piece)) return piece;
  if (/^[a-z][a-z\d+.-]*:/i.test(piece)) return uri(piece, isExtension);
  return /[@=:]/.test(piece) ? REMOVED : piece;
}

function parameter(piece: string): string {
  const equals = piece.indexOf('=');
  const name = (equals < 0 ? piece.slice(1) : piece.slice(1, equals)).trim();
  if (PARAMETERS.has(name.toLowerCase())) return piece;
  return equals < 0 ? `;${REMOVED}` : `;${name}=${REMOVED}`;
}

function uri(text: string, isExtension: IsExtension): string {
  const parts = /^([a-z][a-z\d+.-]*):([\s\S]*)$/i.exec(text);
  const scheme = parts?.[1] ?? '';
  const rest = parts?.[2] ?? '';
  switch (scheme.toLowerCase()) {
    case 'sip':
    case 'sips':
      return `${scheme}:${sipAddress(rest, isExtension)}`;
    case 'tel': {
      const [number = '', ...parameters] = rest.split(';');
      return [
        `${scheme}:${concealedDigits(number, isExtension)}`,
        ...parameters.map((each) => parameter(`;${each}`)),
      ].join('');
    }
    case 'urn':
      return text;
    case '':
      return text === '*' ? text : REMOVED;
    default: {
      const host = /^\/\/(?:[^/?#@]*@)?([^/?#]+)/.exec(rest)?.[1];
      return host === undefined ? `${scheme}:${REMOVED}` : `${scheme}://${host}/${REMOVED}`;
    }
  }
}

function sipAddress(address: string, isExtension: IsExtension): string {
  const question = address.indexOf('?');
  const [before, headers] =
    question < 0 ? [address, undefined] : [address.slice(0, question), address.slice(question + 1)];
  // The last one: a user may not have one, but what somebody has typed may.
  const at = before.lastIndexOf('@');
  const [host = '', ...parameters] = before.slice(at + 1).split(';');
  const [name = '', ...behind] = at < 0 ? [] : before.slice(0, at).split(/[:;]/);
  const who = at < 0 ? '' : `${concealedDigits(name, isExtension)}${behind.length > 0 ? `:${REMOVED}` : ''}@`;
  const asked = headers?.split('&').map((each) => {
    const [header = '', value] = each.split('=', 2);
    const isShown = /^(?:replaces|method)$/i.test(header);
    return value === undefined ? REMOVED : `${header}=${isShown ? value : REMOVED}`;
  });
  return [
    who + (/^[\w.:[\]-]*$/.test(host) ? host : REMOVED),
    ...parameters.map((each) => parameter(`;${each}`)),
    asked === undefined ? '' : `?${asked.join('&')}`,
  ].join('');
}

/** Octets; longer than anything that can be dialled. */
const LONGEST_DIALLED = 192;

/**
 * What was dialled: behind the code of the Center may stand a secret code, since somebody may have typed it with the number in one go, and
 * behind what is no code of ours a PIN. It is read as it is when it is dialled, with escapes, separators and digits of other scripts.
 */
export function concealedDigits(name: string, isExtension: IsExtension): string {
  if (name.length > LONGEST_DIALLED) return REMOVED;
  const octets = name.replaceAll(/%([\da-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  );
  const dialled = dialledText(decodeUtf8(octets)).replace(/#+$/, '');
  const sign = dialled.search(/[*#]/);
  if (sign < 0) return name;
  const service = serviceOf(dialled);
  const isHarmless =
    service?.name !== 'center' || service.number === undefined || isExtension(service.number);
  if (service !== undefined && isHarmless) return name;
  const code = Object.values(FEATURE_CODES).find((each) => dialled.startsWith(each));
  return `${code ?? dialled.slice(0, sign + 1)}${REMOVED}`;
}
