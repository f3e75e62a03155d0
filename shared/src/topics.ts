import * as z from 'zod/mini';
import type { Action } from './management/rights.ts';

/**
 * A list that pages can follow over `GET /api/events`. Each of its lines is known by a number: that of the extension that it is about, or of a slot.
 *
 * - `colleagues`: what the extension that speaks through a terminal may see of the others. For terminals.
 * - `own`: what the extension that speaks through a terminal has of its own, wherever it is; a list of one line. For terminals.
 * - `parked`: the calls that wait to be picked up, each by the number of its slot. For terminals, as `colleagues`.
 * - `floor`: every extension that one may see, and who is where. For management.
 * - `extension/101`: everything about that extension; a list of one line, or of none where it does not exist. For management.
 */
export type TopicName = 'colleagues' | 'own' | 'parked' | 'floor' | `extension/${string}`;
type TopicKind = TopicName extends infer Name
  ? Name extends `${infer Kind}/${string}`
    ? Kind
    : Name
  : never;

/** What the names of each kind look like, and who may follow them: terminals through which a person speaks, or people whose role may do this. */
const TOPICS: Readonly<Record<TopicKind, { readonly name: RegExp; readonly access: 'terminal' | Action }>> = {
  colleagues: { name: /^colleagues$/, access: 'terminal' },
  own: { name: /^own$/, access: 'terminal' },
  parked: { name: /^parked$/, access: 'terminal' },
  floor: { name: /^floor$/, access: 'view-floor' },
  extension: { name: /^extension\/\d{2,8}$/, access: 'view-extensions' },
};

const kindOf = (name: string): string => name.split('/', 1)[0] ?? '';
const isKind = (kind: string): kind is TopicKind => Object.hasOwn(TOPICS, kind);

export const topicName = z.custom<TopicName>((name) => {
  if (typeof name !== 'string') return false;
  const kind = kindOf(name);
  return isKind(kind) && TOPICS[kind].name.test(name);
});

/** PURE. */
export const topicAccess = (name: TopicName): 'terminal' | Action => TOPICS[kindOf(name) as TopicKind].access;

/** The position up to which a page knows a topic. Sequences of different epochs cannot be compared. */
export const bookmark = z.object({
  epoch: z.string().check(z.maxLength(32)),
  sequence: z.int().check(z.nonnegative()),
});
export type Bookmark = z.infer<typeof bookmark>;

/** What a page may send once its credentials were accepted. */
export const pageRequest = z.union([
  /** With `after`: only what has changed since, where the server still knows it. A repeated request is answered again. */
  z.object({ subscribe: topicName, after: z.optional(bookmark) }),
  z.object({ unsubscribe: topicName }),
]);
export type PageRequest = z.infer<typeof pageRequest>;

/** A line of any topic; its other fields depend on the topic. */
export interface TopicLine {
  readonly number: string;
}
const line: z.ZodMiniType<TopicLine> = z.looseObject({ number: z.string() });

/** What a page is told of a topic that it follows. The first answer is a snapshot, or the deltas that it missed, if any. */
export const topicEvent = z.discriminatedUnion('kind', [
  /** The whole list, in no particular order. */
  z.object({
    kind: z.literal('snapshot'),
    topic: topicName,
    ...bookmark.shape,
    lines: z.array(line),
  }),
  /** One step: the page must know the list up to `sequence - 1`. */
  z.object({
    kind: z.literal('delta'),
    topic: topicName,
    sequence: z.int(),
    /** The numbers of lines that were removed. */
    gone: z.array(z.string()),
    /** New lines, and those that replace the line with their number. */
    lines: z.array(line),
  }),
  /**
   * This page may not see the list, or no longer; what it has of it is to be forgotten. A page that has subscribed and may see it
   * later is sent a snapshot then.
   */
  z.object({ kind: z.literal('withheld'), topic: topicName }),
]);
export type TopicEvent = z.infer<typeof topicEvent>;
export type Snapshot = Extract<TopicEvent, { kind: 'snapshot' }>;
export type Delta = Extract<TopicEvent, { kind: 'delta' }>;
