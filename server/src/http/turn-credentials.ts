import { createHmac } from 'node:crypto';
import type { IceServer } from '@perch/shared';
import type { TurnServer } from '../config/turn.ts';

/** How long credentials are good, in seconds: longer than a shift's calls, shorter than a night. Pages renew them when half of it has passed. */
export const TURN_SECONDS = 8 * 3600;

/**
 * Credentials for a TURN server's long-term mechanism (RFC 8489 §9.2) that both servers can make: the user name is when they run out, in
 * seconds since 1970, and who has them; the password its HMAC-SHA1 with the shared secret, as coturn's `use-auth-secret` checks it.
 * `now` is in milliseconds since 1970.
 */
export function turnCredentials({ urls, secret }: TurnServer, user: string, now: number): IceServer {
  const username = `${Math.floor(now / 1000) + TURN_SECONDS}:${user}`;
  return {
    urls: [...urls],
    username,
    credential: createHmac('sha1', secret).update(username).digest('base64'),
  };
}
