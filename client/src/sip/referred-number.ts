/** Where a Refer-To points (RFC 3515 §2.1), as JsSIP has read it. */
export interface ReferTarget {
  readonly scheme: string;
  readonly user: string | null;
  readonly host: string;
}

/** The number that we are asked to call; `undefined` for what is not an extension or an emergency number of our own domain. */
export function referredNumber({ scheme, user, host }: ReferTarget, domain: string): string | undefined {
  const ours = scheme === 'sip' && host.toLowerCase() === domain.toLowerCase();
  return ours && user !== null && /^\d{2,8}$/.test(user) ? user : undefined;
}
