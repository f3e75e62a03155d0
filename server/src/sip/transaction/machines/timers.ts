/** Milliseconds of every timer of RFC 3261 table 4, as amended by RFC 6026 §8.4; 0 means that it is not waited for. */
export interface Timers {
  /** First retransmission of an INVITE; doubles. */
  readonly a: number;
  /** INVITE without any answer. */
  readonly b: number;
  /** Absorbs retransmitted refusals of our INVITE. */
  readonly d: number;
  /** First retransmission of another request; doubles up to `t2`. */
  readonly e: number;
  /** Another request without a final answer. */
  readonly f: number;
  /** First retransmission of a refusal of an INVITE; doubles up to `t2`. */
  readonly g: number;
  /** A refusal of an INVITE without its ACK. */
  readonly h: number;
  /** Absorbs retransmitted ACKs. */
  readonly i: number;
  /** Absorbs retransmissions of another request. */
  readonly j: number;
  /** Absorbs retransmitted answers to another request. */
  readonly k: number;
  /** Absorbs retransmissions of an INVITE that was answered with a 2xx. */
  readonly l: number;
  /** Waits for further 2xx to our INVITE. */
  readonly m: number;
  /** The longest interval between retransmissions. */
  readonly t2: number;
  /** A cancelled INVITE without a final answer (RFC 3261 §9.1). */
  readonly cancelled: number;
  /** When a request other than INVITE must have had an answer, if only 100 (RFC 4320 §4.1). */
  readonly trying: number;
  /** How long after that 100 its final answer is still of use (RFC 4320 §4.2). */
  readonly expiry: number;
}

const T1 = 500;
const T2 = 4000;
const T4 = 5000;
const LIFETIME = 64 * T1;
/** Timer E has been reset to T2 after T1, 2·T1 and 4·T1. */
const TRYING = 7 * T1;

/** Over TCP, TLS, WebSocket: nothing is retransmitted, so there is nothing to absorb. */
export const RELIABLE: Timers = {
  a: 0,
  b: LIFETIME,
  d: 0,
  e: 0,
  f: LIFETIME,
  g: 0,
  h: LIFETIME,
  i: 0,
  j: 0,
  k: 0,
  l: LIFETIME,
  m: LIFETIME,
  t2: T2,
  cancelled: LIFETIME,
  trying: TRYING,
  expiry: LIFETIME - TRYING,
};

/** Over UDP. */
export const UNRELIABLE: Timers = {
  ...RELIABLE,
  a: T1,
  d: LIFETIME,
  e: T1,
  g: T1,
  i: T4,
  j: LIFETIME,
  k: T4,
};

/** What every machine may ask its shell to do with its timers: `retransmit` is A, E and G, `deadline` any other. */
export type TimerEffect =
  | { readonly kind: 'start'; readonly timer: 'retransmit' | 'deadline'; readonly ms: number }
  /** Stops both. */
  | { readonly kind: 'stop' };

export const STOP: TimerEffect = { kind: 'stop' };

/** No effect where the timer is not waited for on this transport. */
export const start = (timer: 'retransmit' | 'deadline', ms: number): readonly TimerEffect[] =>
  ms === 0 ? [] : [{ kind: 'start', timer, ms }];
