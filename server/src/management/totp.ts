import { Secret, TOTP } from 'otpauth';

/** What authenticator apps assume where nothing is said, and some of them in any case (RFC 6238 §4). */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** Octets of a secret (RFC 4226 §4, R6). */
export const SECRET_OCTETS = 20;
/** By how many steps the clock of a phone may be wrong, to either side (RFC 6238 §5.2). */
const SLACK = 1;

const secretOf = (octets: Buffer): Secret => new Secret({ buffer: Uint8Array.from(octets).buffer });

/** What an authenticator app needs to know: as the URL in a QR code, and the secret alone in base32. PURE. */
export function totpUrl(
  octets: Buffer,
  organization: string,
  email: string,
): { readonly url: string; readonly secret: string } {
  const secret = secretOf(octets);
  // A colon ends the issuer in the label.
  const issuer = organization.replaceAll(':', ' ');
  return { url: new TOTP({ ...FORM, issuer, label: email, secret }).toString(), secret: secret.base32 };
}

/**
 * The time step of which this is the code, near the one of `now`; `undefined` where it is none (RFC 6238 §4.2). PURE.
 * @param now milliseconds since 1970-01-01 UTC.
 */
export function totpStep(octets: Buffer, code: string, now: number): number | undefined {
  const { period } = FORM;
  const delta = TOTP.validate({
    token: code,
    secret: secretOf(octets),
    ...FORM,
    timestamp: now,
    window: SLACK,
  });
  return delta === null ? undefined : TOTP.counter({ period, timestamp: now }) + delta;
}
