import type { HeaderField } from '../../message/message.ts';
import type { Random } from '../random.ts';

/**
 * How long after a 491 our offer is made again (milliseconds). The side that made the Call-ID waits longer, so that the two do not collide
 * again (RFC 3261 §14.1). Where the offers have crossed and our 491 is on its way, the peer waits anyway, and hears it before an offer that
 * follows: it gets that at once, and makes its own as soon as that is settled. Two that both do so must not do it at the same time.
 */
export function retryDelay(crossed: boolean, role: 'uac' | 'uas', random: Random): number {
  const fraction = random.fraction();
  if (crossed) return role === 'uac' ? 0 : 200 + fraction * 400;
  return role === 'uac' ? 2100 + fraction * 1900 : fraction * 2000;
}

/** When a peer whose offer has come too early may make it again: up to 10 s (RFC 3261 §14.2). */
export function retryAfter(random: Random): HeaderField {
  return ['Retry-After', String(Math.floor(random.fraction() * 11))];
}
