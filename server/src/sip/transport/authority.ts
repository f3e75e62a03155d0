import { isIP } from 'node:net';
import { copied } from '../../collections/copied.ts';
import { parseUri } from '../message/fields/uri.ts';

/**
 * A host as RFC 3261 §25.1 has it: the last label does not begin with a digit. Browsers take more (`http://7f3a:8080`),
 * but JsSIP drops every message whose Contact it cannot read.
 */
const HOST_NAME = /^(?:[a-z\d][\w-]*\.)*[a-z][\w-]*$/;

/**
 * Host and port from the Host field of a handshake (RFC 9110 §7.2); `undefined` where no SIP URI can name them. The port is always
 * there: without one, a client would look for another in the DNS (RFC 3263 §4.2).
 */
export function authorityOf(host: string | undefined, secure: boolean): string | undefined {
  const uri = parseUri(`sip:${host ?? ''}`);
  // Host may hold none of the other parts of a SIP URI.
  if (uri === undefined || /[@;?]/.test(host ?? '')) return undefined;
  const name = uri.host.replace(/\.$/, '');
  if (!HOST_NAME.test(name) && isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0) return undefined;
  return `${name}:${uri.port ?? (secure ? 443 : 80)}`;
}

/** Remembers one authority: nearly all phones reach us at the same, and each keeps the text as long as it is connected. */
export class LastAuthority {
  #origin = '';
  #secure = false;
  #authority: string | undefined;

  /** What `authorityOf` says of the host in an origin. */
  of(origin: string, secure: boolean): string | undefined {
    if (origin !== this.#origin || secure !== this.#secure) {
      this.#authority = authorityOf(new URL(origin).host, secure);
      this.#origin = copied(origin);
      this.#secure = secure;
    }
    return this.#authority;
  }
}
