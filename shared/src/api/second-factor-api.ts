import * as z from 'zod/mini';
import type { Endpoint } from './api-endpoint.ts';

/** Of whom an organization demands a second factor. */
export const SECOND_FACTOR_DEMANDS = ['nobody', 'administrators', 'everyone'] as const;

/** How people of an organization have to sign in. `administrators` are administrators and operators. */
export const signInPolicy = z.object({ secondFactorOf: z.enum(SECOND_FACTOR_DEMANDS) });
export type SignInPolicy = z.infer<typeof signInPolicy>;

/** Six digits of an authenticator app (RFC 6238), or a recovery code. Spaces and dashes do not count. */
export const secondFactorCode = z.string().check(z.minLength(1), z.maxLength(64));

/** One's own second factor. */
export const secondFactorView = z.object({
  isOn: z.boolean(),
  /** Does the organization demand it? */
  isDemanded: z.boolean(),
  /** Is the password asked for before one is made? Those who have none have to have signed in lately. */
  asksPassword: z.boolean(),
  /** How many recovery codes have not been used. */
  recoveryCodes: z.int(),
});
export type SecondFactorView = z.infer<typeof secondFactorView>;

/** The secret of a second factor that is not on yet, shown this once. */
export const newSecondFactor = z.object({
  /** `otpauth://totp/…`, as authenticator apps read it from a QR code. */
  url: z.string(),
  /** The same secret in base32 (RFC 4648 §6), to be typed. */
  secret: z.string(),
});
export type NewSecondFactor = z.infer<typeof newSecondFactor>;

/** Codes that each replace the authenticator app once; shown this once. */
export const recoveryCodes = z.object({ codes: z.array(z.string()) });
export type RecoveryCodes = z.infer<typeof recoveryCodes>;

const code = z.object({ code: secondFactorCode });

/** The second factor at sign-in: one's own, and who has to have one. */
export const secondFactorApi = {
  secondFactor: {
    method: 'GET',
    path: '/api/session/second-factor',
    access: 'use-account',
    summary: 'One’s own second factor.',
    response: secondFactorView,
  },
  beginSecondFactor: {
    method: 'POST',
    path: '/api/session/second-factor',
    access: 'use-account',
    summary: 'Makes the secret of a second factor, which a code from it then turns on.',
    body: z.object({ password: z._default(z.string().check(z.maxLength(256)), '') }),
    response: newSecondFactor,
  },
  confirmSecondFactor: {
    method: 'POST',
    path: '/api/session/second-factor/confirm',
    access: 'use-account',
    summary: 'Turns the second factor on, by a code from it.',
    body: code,
    response: recoveryCodes,
  },
  renewRecoveryCodes: {
    method: 'POST',
    path: '/api/session/second-factor/recovery-codes',
    access: 'use-account',
    summary: 'New recovery codes; the ones before no longer work.',
    body: code,
    response: recoveryCodes,
  },
  removeSecondFactor: {
    method: 'POST',
    path: '/api/session/second-factor/remove',
    access: 'use-account',
    summary: 'Turns one’s own second factor off.',
    body: code,
  },
  resetSecondFactor: {
    method: 'DELETE',
    path: '/api/people/:person/second-factor',
    access: 'manage-people',
    summary: 'Turns off the second factor of somebody who has lost it; their sessions end.',
  },
  signInPolicy: {
    method: 'GET',
    path: '/api/sign-in-policy',
    access: 'manage-people',
    summary: 'How people of the organization have to sign in.',
    response: signInPolicy,
  },
  changeSignInPolicy: {
    method: 'PUT',
    path: '/api/sign-in-policy',
    access: 'manage-people',
    summary: 'Says how people of the organization have to sign in.',
    body: signInPolicy,
  },
} as const satisfies Record<string, Endpoint>;
