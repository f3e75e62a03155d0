import * as z from 'zod/mini';
import { callForwards } from '../call-forwards.ts';
import { displayName } from '../display-name.ts';
import { guessing } from '../guessing.ts';
import { language } from '../languages.ts';
import { stayLimits } from '../stay-limits.ts';
import { occupancy, pageFault, pageReport, terminalView, whereabouts } from '../terminal-view.ts';
import { messageCounts } from '../voicemail.ts';
import { email, instant, number } from './api-values.ts';

/** Extensions as management sees and changes them: no phone has use for these. */

const extensionKind = z.enum(['person', 'station']);
/** What supervisors can be limited to, such as a department. */
const group = displayName;
/** Where a phone stands, such as "2nd floor, by the window". */
const place = displayName;

/** The side of the plan, in steps: a phone stands at one of them, from its left and from its top. */
export const PLAN_STEPS = 1000;
const planStep = z.int().check(z.gte(0), z.lte(PLAN_STEPS));
const plan = z.object({ x: planStep, y: planStep });
export type PlanPlace = z.infer<typeof plan>;

/** What has failed in a page of a terminal, and when. */
export const notedFault = z.extend(pageFault, { at: instant });
export type NotedFault = z.infer<typeof notedFault>;

/** The last report from a page of a terminal since the server was started; `browser` is its User-Agent. */
export const pageCondition = z.extend(pageReport, { at: instant, browser: z.nullable(z.string()) });
export type PageCondition = z.infer<typeof pageCondition>;

/** An extension as administrators see it, with where it is at this moment. */
export const extensionView = z
  .object({
    number: z.string(),
    name: z.string(),
    kind: extensionKind,
    group: z.nullable(z.string()),
    place: z.nullable(z.string()),
    /** Where help calls back after a call from its phone: the number of another extension; `null` for its own. */
    callBack: z.nullable(z.string()),
    /** Where its phone stands on the plan of the floor; `null` where it has not been put there. */
    plan: z.nullable(plan),
    /** In which its pages are, and the server speaks to it; `null` for that of the organization. */
    language: z.nullable(language),
    doNotDisturb: z.boolean(),
    /** Where calls to it go on. */
    forwards: callForwards,
    allowVirtualization: z.boolean(),
    hasSecretCode: z.boolean(),
    suspended: z.boolean(),
    hasVoicemailPin: z.boolean(),
    /** Where its messages are mailed to; `null` for nowhere. */
    voicemailMail: z.nullable(z.string()),
    voicemail: messageCounts,
    /** What has failed in the pages of its home terminal since the server was started, the latest first. */
    faults: z.array(notedFault),
    /** Does the server hold a live registration of its home terminal? */
    registered: z.boolean(),
    asleep: terminalView.shape.asleep,
    lastCheck: terminalView.shape.lastCheck,
    /** What its page has last said of itself. */
    page: z.nullable(pageCondition),
    /** When its home terminal was last connected; `null` while it is, and where it has not been since the server was started. */
    lostAt: z.nullable(instant),
    whereabouts,
    occupancy,
    /** What its home terminal is doing. */
    call: z.nullable(z.object({ state: z.enum(['ringing', 'talking']), since: instant })),
    guessing,
    stayEnds: terminalView.shape.stayEnds,
    stayEnded: terminalView.shape.stayEnded,
    pinLockedUntil: terminalView.shape.pinLockedUntil,
    /** Limits of stays at its phone; `null` where only those of the organization count. */
    stayLimits: z.nullable(stayLimits),
    /** Is it in kiosk mode, if it is a station, while the stations of the organization have a PIN? */
    kiosk: z.boolean(),
  })
  .register(z.globalRegistry, { id: 'Extension' });
export type ExtensionView = z.infer<typeof extensionView>;

export const newExtension = z.object({
  number,
  name: displayName,
  kind: extensionKind,
  allowVirtualization: z._default(z.boolean(), false),
});
export type NewExtension = z.infer<typeof newExtension>;

export const extensionChange = z.object({
  name: z.optional(displayName),
  group: z.optional(z.nullable(group)),
  place: z.optional(z.nullable(place)),
  callBack: z.optional(z.nullable(number)),
  plan: z.optional(z.nullable(plan)),
  language: z.optional(z.nullable(language)),
  doNotDisturb: z.optional(z.boolean()),
  /** Where calls to it go on; refused with `no-forward` where they cannot go on to one of those numbers. */
  forwards: z.optional(callForwards),
  /**
   * Switching off while a guest is on the terminal is refused with `guest-present` until `presentGuest` says what is to
   * become of the guest.
   */
  allowVirtualization: z.optional(z.boolean()),
  presentGuest: z.optional(z.enum(['return', 'stay'])),
  /** Suspending ends every virtualization that the extension is part of. */
  suspended: z.optional(z.boolean()),
  /** Where its voicemail is mailed to, `null` for nowhere; refused with `no-mail` where the server sends none. */
  voicemailMail: z.optional(z.nullable(email)),
  /** Limits of stays at its phone: they count where they are narrower than the organization's. `null`: only those count. */
  stayLimits: z.optional(z.nullable(stayLimits)),
  /** Of a station: is it in kiosk mode while the stations of the organization have a PIN, or an ordinary desk? */
  kiosk: z.optional(z.boolean()),
});
export type ExtensionChange = z.infer<typeof extensionChange>;

/** Digest credentials for any SIP client over WebSocket. The password is shown this once; issuing anew replaces it. */
export const sipCredentials = z.object({ username: z.string(), password: z.string() });
export type SipCredentials = z.infer<typeof sipCredentials>;

export const newEnrolment = z.object({
  /** How many browsers may open the link. */
  uses: z._default(z.int().check(z.gte(1), z.lte(1000)), 1),
  hours: z._default(z.int().check(z.gte(1), z.lte(8760)), 72),
});
export type NewEnrolment = z.infer<typeof newEnrolment>;

/** A link that makes a browser the extension's terminal: `/station/201#<code>` or `/phone/101#<code>`. */
export const enrolmentLink = z.object({
  url: z.string(),
  expiresAt: instant,
  uses: z.int(),
  /** The address is the loopback’s: on any other device the link does not work. */
  onlyHere: z.boolean(),
});
export type EnrolmentLink = z.infer<typeof enrolmentLink>;

/** A browser that is an extension’s terminal. `null` where it was enrolled before that was noted. */
const enrolledBrowserView = z.object({
  id: z.string(),
  madeAt: instant,
  /** The administrator who made its link. */
  madeBy: z.nullable(z.string()),
  /** Its User-Agent. */
  browser: z.nullable(z.string()),
  /** Where it was last heard from. */
  address: z.nullable(z.string()),
  heardAt: z.nullable(instant),
});
export type EnrolledBrowserView = z.infer<typeof enrolledBrowserView>;

/** A link that can still be used; the link itself is shown only once. */
const openLink = z.object({
  id: z.string(),
  madeAt: instant,
  madeBy: z.nullable(z.string()),
  usesLeft: z.int(),
  expiresAt: instant,
});
export type OpenLink = z.infer<typeof openLink>;

export const enrolments = z.object({ browsers: z.array(enrolledBrowserView), links: z.array(openLink) });
export type Enrolments = z.infer<typeof enrolments>;

/** An extension as the floor shows it. */
export const floorLine = z.omit(extensionView, {
  language: true,
  forwards: true,
  hasVoicemailPin: true,
  voicemailMail: true,
  voicemail: true,
  faults: true,
  stayLimits: true,
  kiosk: true,
});
export type FloorLine = z.infer<typeof floorLine>;

/** A terminal as the floor of the API shows it. */
export const floorTerminal = z.extend(terminalView, { suspended: z.boolean() });
export type FloorTerminal = z.infer<typeof floorTerminal>;

/** Every terminal of the organization, in the order of its owners' numbers. */
export const floor = z.object({ at: instant, terminals: z.array(floorTerminal) });
export type Floor = z.infer<typeof floor>;
