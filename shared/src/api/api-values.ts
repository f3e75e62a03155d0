import * as z from 'zod/mini';
import { terminalView } from '../terminal-view.ts';

/** An extension number: 2 to 8 digits. */
export const number = z.string().check(z.regex(/^\d{2,8}$/, 'An extension number has 2 to 8 digits.'));
/** Whom the page takes to speak at its terminal: by now it may be somebody else, whom the request is not about. */
export const speaking = z.string().check(z.maxLength(8));
export const email = z.email('That is not an e-mail address.').check(z.maxLength(254), z.toLowerCase());
/** Unguessable strings that we made: 256 bits in base64url, with room to spare. */
export const secret = z.string().check(z.minLength(1), z.maxLength(128));
/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
export const instant = z.int();

/** The reasons for a refusal that a page may want to tell apart; the sentence is in `detail`. */
export const problemCode = z.enum([
  'invalid-request',
  'not-signed-in',
  'forbidden',
  'wrong-credentials',
  'provider-unavailable',
  'provider-refused',
  'sign-in-over',
  'email-unverified',
  'person-unknown',
  'person-mismatch',
  'second-factor-needed',
  'wrong-second-factor',
  'second-factor-missing',
  'second-factor-on',
  'second-factor-off',
  'cross-origin',
  'too-many-requests',
  'too-many-tokens',
  'not-found',
  'setup-closed',
  'organization-needed',
  'domain-taken',
  'email-taken',
  'last-administrator',
  'link-invalid',
  'number-taken',
  'weak-code',
  'guest-present',
  'not-virtual',
  'desk-occupied',
  'desk-not-allowed',
  'emergency-call',
  'enrolment-invalid',
  'terminal-unknown',
  'extension-suspended',
  'nothing-to-undo',
  'nothing-to-return',
  'nothing-to-extend',
  'phone-locked',
  'favourites-full',
  'calls-busy',
  'conference-full',
  'transfer-over',
  'pin-needed',
  'wrong-pin',
  'in-kiosk-mode',
  'station-pin-locked',
  'not-own-phone',
  'file-too-large',
  'wrong-file-type',
  'unreadable-sound',
  'no-mail',
  'no-forward',
  'nobody-here',
  'disk-full',
  'unavailable',
]);
export type ProblemCode = z.infer<typeof problemCode>;

/** The two calls of a terminal that are to become one conference, by their ids; one of them may be in a conference already. */
export const conference = z.object({ calls: z.tuple([z.string(), z.string()]) });

/** The call of a terminal that is to stay here after all, by its id. */
export const takenBack = z.object({ call: z.string() });

/** A call of a desk that its guest may have made before they came. With whom is not said: it may be somebody else's call. */
export const claimableCall = z.object({
  id: z.string(),
  at: instant,
  /** From the answer to the end (milliseconds); `null` where nobody answered. */
  answeredMs: z.nullable(z.int().check(z.nonnegative())),
});
export type ClaimableCall = z.infer<typeof claimableCall>;

/** Every refusal (RFC 9457). `detail` is a sentence for people; `errors` names the fields at fault. */
export const problem = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: problemCode,
    errors: z.optional(z.array(z.object({ field: z.string(), message: z.string() }))),
  })
  .register(z.globalRegistry, { id: 'Problem' });
export type Problem = z.infer<typeof problem>;

/** The rules of a code are `validateSecretCode`'s; a refusal is `weak-code` with the reason. */
export const newSecretCode = z.object({ code: z.string().check(z.maxLength(32)) });
/** By the same rules as a secret code. */
export const newVoicemailPin = z.object({ pin: z.string().check(z.maxLength(32)) });

/** Of the stations of an organization, by the same rules. */
export const newStationPin = z.object({ pin: z.string().check(z.maxLength(32)) });
export const stationPinState = z.object({
  isSet: z.boolean(),
  /** Until when no station takes a PIN, because too many were wrong; `null` where they do. */
  lockedUntil: z.nullable(instant),
  /** The stations that take none, each because of the wrong ones there. */
  locked: z.array(z.object({ number: z.string(), name: z.string(), until: instant })),
});
export type StationPinState = z.infer<typeof stationPinState>;

/** As RTCPeerConnection takes it. */
export const iceServer = z.object({
  urls: z.union([z.string(), z.array(z.string())]),
  username: z.optional(z.string()),
  credential: z.optional(z.string()),
});
export type IceServer = z.infer<typeof iceServer>;

/** How a browser connects: the SIP WebSocket, the domain of its address, and what ICE may use. */
const connection = {
  sip: z.object({ url: z.string(), domain: z.string() }),
  iceServers: z.array(iceServer),
  /** Where their credentials run out: after so many seconds. To be renewed when half of them have passed. */
  iceSeconds: z.optional(z.int()),
};

/** `token` goes into `Authorization: Bearer`, of this API and of SIP, and is returned only here. */
export const enrolledTerminal = z.object({
  token: z.string(),
  number: z.string(),
  kind: z.enum(['station', 'phone']),
  ...connection,
});
export type EnrolledTerminal = z.infer<typeof enrolledTerminal>;

export const terminalSettings = z.object({ view: terminalView, ...connection });
export type TerminalSettings = z.infer<typeof terminalSettings>;
