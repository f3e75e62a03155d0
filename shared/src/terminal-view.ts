import * as z from 'zod/mini';
import { callForwards } from './call-forwards.ts';
import { language } from './languages.ts';
import { stayEnd, stayEnded, stayLimit } from './stay-limits.ts';

/** A person or desk as it is shown: never more than number and name. */
export const party = z.object({ number: z.string(), name: z.string() });
export type Party = z.infer<typeof party>;

/** How a withheld party is shown. No extension has this number, so it cannot be called back. */
export const WITHHELD: Party = { number: 'anonymous', name: '' };
export const isWithheld = ({ number }: Party): boolean => number === WITHHELD.number;

/** Milliseconds since 1970-01-01 UTC, by the server's clock. */
const instant = z.int();

/** Who speaks through a terminal (`speaksFor` in the rules). */
export const occupancy = z.discriminatedUnion('kind', [
  /** The owner is home and there is no guest. */
  z.object({ kind: z.literal('owner') }),
  /** A guest is here; calls to the owner go to voicemail. */
  z.object({ kind: z.literal('guest'), guest: party, since: instant }),
  /** The owner is on another terminal and there is no guest: the terminal is locked. */
  z.object({ kind: z.literal('locked'), base: party, since: instant }),
]);
export type Occupancy = z.infer<typeof occupancy>;

/** Where the owner of a terminal can be reached (`terminalOf` in the rules). */
export const whereabouts = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('home') }),
  /** On the terminal of `base`. */
  z.object({ kind: z.literal('away'), base: party, since: instant }),
  /** Home, but `guest` occupies the home terminal: rings nowhere. */
  z.object({ kind: z.literal('homeless'), guest: party, since: instant }),
]);
export type Whereabouts = z.infer<typeof whereabouts>;

/** What a change did to one extension; the page turns each into a sentence. */
export const consequence = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('moved'), extension: party, base: party }),
  z.object({ kind: z.literal('returned-home'), extension: party }),
  z.object({ kind: z.literal('homeless'), extension: party, guest: party }),
  z.object({ kind: z.literal('to-voicemail'), extension: party }),
  z.object({ kind: z.literal('desk-free'), extension: party }),
]);
export type Consequence = z.infer<typeof consequence>;

/** The last change on a terminal, while it is shown there. */
export const recentChange = z.object({
  at: instant,
  /** From this instant on it is no longer shown, and cannot be undone. */
  until: instant,
  /** `false`, for example, for a stay that was ended by `*30`: it takes the code to begin again. */
  canUndo: z.boolean(),
  /** By somebody who manages the floor, not by anyone at this terminal. */
  byManagement: z.boolean(),
  /** By a limit of the guest's stay. */
  limit: z.nullable(stayLimit),
  consequences: z.array(consequence),
});
export type RecentChange = z.infer<typeof recentChange>;

/** What the check before a shift looks at. */
export const checkedPart = z.enum(['microphone', 'line', 'ring', 'notifications', 'network']);
export type CheckedPart = z.infer<typeof checkedPart>;

/** `limited`: calls can be made and taken, but something may be missed. `parts` are those that are not in order. */
export const checkResult = z.object({
  verdict: z.enum(['ready', 'limited', 'not-ready']),
  parts: z.array(checkedPart).check(z.maxLength(checkedPart.options.length)),
});
export type CheckResult = z.infer<typeof checkResult>;

/** What a page of a phone draws, or does by itself. */
export const pagePart = z.enum(['page', 'bar', 'stage', 'list', 'call', 'dialog', 'errand']);
export type PagePart = z.infer<typeof pagePart>;

/** Something in a page of a phone failed in a way that nobody has thought of. `error`: what the browser says of it, in a line. */
export const pageFault = z.object({ part: pagePart, error: z.string().check(z.maxLength(200)) });
export type PageFault = z.infer<typeof pageFault>;

/** The last check of a terminal since the server was started. */
export const lastCheck = z.extend(checkResult, { at: instant });
export type LastCheck = z.infer<typeof lastCheck>;

/** What a page of a phone says of the browser in which it runs: once it is connected, and when that is different. */
export const pageReport = z.object({
  /** May it use the microphone? `prompt`: the browser will ask first. `missing`: there is none. `unknown`: the browser does not say. */
  microphone: z.enum(['granted', 'prompt', 'denied', 'missing', 'unknown']),
  /** How far its clock is ahead of the server's (milliseconds). */
  clockAhead: z.int(),
  /** Of Perch, as this page was built. */
  version: z.string().check(z.maxLength(32)),
});
export type PageReport = z.infer<typeof pageReport>;

/** Everything a page may know of its own terminal; sent whole after each change. */
export const terminalView = z.object({
  /** `language`: of those who have none of their own; `null` where each phone has what its browser says. */
  organization: z.object({ name: z.string(), domain: z.string(), language: z.nullable(language) }),
  kind: z.enum(['station', 'phone']),
  owner: party,
  allowVirtualization: z.boolean(),
  /** Is it a station that only the PIN of the organization's stations lets out of kiosk mode? */
  kiosk: z.boolean(),
  /** Until when it takes no such PIN, because too many were wrong. */
  pinLockedUntil: z.nullable(instant),
  occupancy,
  whereabouts,
  /** Does the server hold a live registration of this terminal right now? */
  registered: z.boolean(),
  /** Is it connected, but none of its pages able to react? It is not `registered` then, and callers go on at once. */
  asleep: z.boolean(),
  emergencyNumbers: z.array(z.string()),
  /** Of the extension that speaks here; `null` where it has none. */
  language: z.nullable(language),
  /** Of the owner: of the page while nobody with a language of their own is here. */
  ownerLanguage: z.nullable(language),
  /** Of the extension that speaks here: no phone rings for it. */
  doNotDisturb: z.boolean(),
  /** Where its calls go on. */
  forwards: callForwards,
  recentChange: z.nullable(recentChange),
  /** When a limit ends the guest's stay; `null` until the guest is warned of it. */
  stayEnds: z.nullable(stayEnd),
  /** The last stay was ended by a limit, and nobody has come since; forgotten when the server is started. */
  stayEnded: z.nullable(stayEnded),
  lastCheck: z.nullable(lastCheck),
});
export type TerminalView = z.infer<typeof terminalView>;

/** A call that waits to be picked up: everyone in the organization may. */
export const parkedCall = z.object({
  /** The slot in which it waits. */
  number: z.string(),
  /** Who waits there. */
  with: party,
  /** Who has parked the call. */
  by: party,
  since: instant,
});
export type ParkedCall = z.infer<typeof parkedCall>;

/** A colleague as the speaking extension may see them. */
export const colleague = z.extend(party, {
  state: z.enum(['available', 'busy', 'do-not-disturb', 'away', 'asleep', 'offline']),
});
export type Colleague = z.infer<typeof colleague>;

/** What an extension has of its own, at whichever phone it is. */
export const ownLine = z.object({
  /** Its own. */
  number: z.string(),
  /** How many calls it has missed that nobody has looked at or returned since; no more are counted than `MOST_MISSED`. */
  missed: z.int(),
  /** The call of its history that was recorded last, while somebody follows; where it is another one, the history has grown. */
  latest: z.nullable(z.string()),
  /** The numbers of its favourites, in the order in which they became that. */
  favourites: z.array(z.string()),
});
export type OwnLine = z.infer<typeof ownLine>;
/** Missed calls are counted up to here. */
export const MOST_MISSED = 99;

/** How long before a stay a call can have begun for its guest to claim it, and how long into the stay they can do so (milliseconds). */
export const CLAIM_WINDOW_MS = 10 * 60_000;
