/** What `getStats` says of one direction of the sound over the last interval. */
export interface Direction {
  /** The part of it that did not arrive, or came too late and was made up by the receiver: 0 to 1. */
  readonly loss: number;
  readonly jitterMs: number;
}

/** What is known of a call's sound over the last interval; `null` where nothing has been said of it. */
export interface Reception {
  /** What arrives here. */
  readonly incoming: Direction | null;
  /** What arrives at the other end, in its own words (RTCP receiver reports, RFC 3550 §6.4). */
  readonly outgoing: Direction | null;
  readonly roundTripMs: number;
}

/** Where the other end of the sound is, and how this browser's line to the server is: both say where a fault lies. */
export interface Surroundings {
  readonly withServer: boolean;
  /** The server has not been heard for longer than usual. */
  readonly serverIsLate: boolean;
}

export type Grade = 'good' | 'fair' | 'poor';
/** Whose line is at fault: this side's, the other side's, or the one between this phone and the server. */
export type Fault = 'ours' | 'theirs' | 'server';
export type Quality = { readonly grade: 'good' } | { readonly grade: 'fair' | 'poor'; readonly fault: Fault };

/** What a listener would say, after the delay and loss impairments of the E-model (ITU-T G.107). */
export function gradeOf({ loss, jitterMs }: Direction, roundTripMs: number): Grade {
  const delay = roundTripMs / 2 + 2 * jitterMs + 20;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = (95 * loss) / (loss + 0.1);
  const rating = 93.2 - delayImpairment - lossImpairment;
  if (rating >= 80) return 'good';
  return rating >= 65 ? 'fair' : 'poor';
}

const RANK = { good: 0, fair: 1, poor: 2 } as const;

/**
 * Sound is as good as its worse direction. Where only one direction is bad, the sender of it is at fault: what it receives over the
 * same line is good. Where both are bad, it is this side if its line to the server is bad too, else the other one.
 */
export function qualityOf(reception: Reception, { withServer, serverIsLate }: Surroundings): Quality {
  const incoming = gradeOr(reception.incoming, reception.roundTripMs);
  const outgoing = gradeOr(reception.outgoing, reception.roundTripMs);
  const grade = RANK[incoming] >= RANK[outgoing] ? incoming : outgoing;
  if (grade === 'good') return { grade };
  if (withServer) return { grade, fault: 'server' };
  if (incoming === 'good') return { grade, fault: 'ours' };
  if (outgoing === 'good' && reception.outgoing !== null) return { grade, fault: 'theirs' };
  return { grade, fault: serverIsLate ? 'ours' : 'theirs' };
}

const gradeOr = (direction: Direction | null, roundTripMs: number): Grade =>
  direction === null ? 'good' : gradeOf(direction, roundTripMs);

/** How many looks in a row must be worse before it is said, and how many better: what is said of a call must not flicker. */
const WORSE_LOOKS = 2;
const BETTER_LOOKS = 4;
/** Browsers report every 5 s, sometimes 7, and a report may be lost: one counts until the next one, for so many looks. */
const REPORT_LOOKS = 7;

/** What is said of a call's sound, and what it is said from. */
export interface QualityWatch {
  readonly said: Quality | null;
  /** What the last looks have found, the newest one last. */
  readonly seen: readonly Quality[];
  /** The other end's last report, and how many looks ago it came. */
  readonly report: { readonly outgoing: Direction; readonly age: number } | null;
}

export const UNWATCHED: QualityWatch = { said: null, seen: [], report: null };

/** The sound comes over another path: what was seen of the one before says nothing of it. */
export const renewed = ({ said }: QualityWatch): QualityWatch => ({ ...UNWATCHED, said });

/** One more look at a call's sound. The first one is said at once where it is good. */
export function step(watch: QualityWatch, reception: Reception, around: Surroundings): QualityWatch {
  const report = reportAfter(watch.report, reception.outgoing);
  const now = qualityOf({ ...reception, outgoing: report?.outgoing ?? null }, around);
  const seen = [...watch.seen, now].slice(-BETTER_LOOKS);
  return { said: wordFor(watch.said, seen), seen, report };
}

function reportAfter(before: QualityWatch['report'], outgoing: Direction | null): QualityWatch['report'] {
  if (outgoing !== null) return { outgoing, age: 0 };
  return before === null || before.age >= REPORT_LOOKS ? null : { ...before, age: before.age + 1 };
}

/** Looks that do not agree on how much worse it has become are worse all the same: then the least of it is said. */
function wordFor(said: Quality | null, seen: readonly Quality[]): Quality | null {
  const last = seen.slice(-WORSE_LOOKS);
  const now = seen.at(-1);
  if (said === null && now?.grade === 'good') return now;
  const rank = said === null ? RANK.good : RANK[said.grade];
  if (last.length === WORSE_LOOKS && last.every(({ grade }) => RANK[grade] > rank)) return mildest(last);
  if (seen.length === BETTER_LOOKS && seen.every(({ grade }) => RANK[grade] < rank)) return worst(seen);
  const isFaultOfAnother =
    last.length === WORSE_LOOKS && last.every((each) => isSame(each, now) && !isSame(each, said));
  return isFaultOfAnother && now !== undefined && RANK[now.grade] === rank ? now : said;
}

const mildest = (seen: readonly Quality[]): Quality | null =>
  seen.reduceRight((one, other) => (RANK[other.grade] < RANK[one.grade] ? other : one));
const worst = (seen: readonly Quality[]): Quality | null =>
  seen.reduceRight((one, other) => (RANK[other.grade] > RANK[one.grade] ? other : one));
const isSame = (one: Quality, other: Quality | null | undefined): boolean =>
  one.grade === other?.grade && faultOf(one) === faultOf(other);
const faultOf = (quality: Quality): Fault | null => (quality.grade === 'good' ? null : quality.fault);
