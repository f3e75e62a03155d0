/** The messages between the bench and its load generator, which is a separate process on a separate core. */

/** A phone's account. `user` is the number in From and To, `username` the digest's. */
export interface Account {
  readonly user: string;
  readonly username: string;
  readonly password: string;
}

/** A server under load, as its clients see it. */
export interface Target {
  /** The process whose time on the processor is counted, with those that it has forked. */
  readonly pid: number;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly domain: string;
  /** A flow that has authenticated once needs no further credentials. */
  readonly authenticatedFlows: boolean;
}

/** A desk that can be taken over. */
export interface Station {
  readonly account: Account;
  /** Opens the events socket of its page. */
  readonly token: string;
}

/** An agent, who takes desks over. */
export interface Agent {
  readonly number: string;
  readonly secretCode: string;
}

/**
 * How a REGISTER that refreshes a binding is authenticated: by its flow alone; by the nonce of the first
 * challenge with a rising count; or by answering a challenge each time.
 */
export type Authentication = 'flow' | 'cached-nonce' | 'challenge';

/** Agents take stations over; no agent is at another station meanwhile. */
export interface Takeovers {
  readonly target: Target;
  readonly stations: readonly Station[];
  /** Two for each station. */
  readonly agents: readonly Agent[];
}

/** Callers leave messages, all at once, for extensions whose phones are off. */
export interface Deposits {
  readonly target: Target;
  readonly callers: readonly Account[];
  /** The number that each of them calls. */
  readonly mailboxes: readonly string[];
  /** How long each of them speaks. */
  readonly seconds: number;
}

/** Participants of a conference of which the process `pid` mixes the sound; `port` takes their offers. */
export interface Conference {
  readonly pid: number;
  readonly port: number;
  readonly participants: number;
  /** How long is measured while one of them speaks, and how long while all do. */
  readonly seconds: number;
}

/** One phone comes and goes, while pages show it. */
export interface PageChanges {
  readonly target: Target;
  /** The phone's. */
  readonly account: Account;
  /** The pages', one each. */
  readonly tokens: readonly string[];
  /** How many pages show it, one number after the other, from few to many. */
  readonly shown: readonly number[];
  /** How often the phone changes at each of these. */
  readonly changes: number;
}

/** Ordinary phones that come and call while something else goes on. */
export interface Bystanders {
  readonly target: Target;
  /** In pairs, of which the first calls the second. */
  readonly callers: readonly Account[];
  /** These connect, register and cut their connection. */
  readonly comers: readonly Account[];
}

/** Milliseconds, one for each; `Infinity` where it failed. */
export interface Seen {
  /** From the INVITE until both sides are up. */
  readonly setups: readonly number[];
  /** From the first octet of a connection to the 200 of the REGISTER. */
  readonly registrations: readonly number[];
  /** Why some failed, each once. */
  readonly failures: readonly string[];
}

/** What the generator can be told to do. Phones that are connected stay so from one order to the next. */
export type Order =
  | { readonly kind: 'connect'; readonly target: Target; readonly accounts: readonly Account[] }
  | { readonly kind: 'disconnect' }
  | { readonly kind: 'register'; readonly authentication: Authentication }
  | { readonly kind: 'calls'; readonly concurrent: number }
  | { readonly kind: 'first-calls'; readonly count: number; readonly concurrent: number }
  | { readonly kind: 'setup'; readonly rate: number; readonly seconds: number }
  | { readonly kind: 'storm' }
  | ({ readonly kind: 'takeovers' } & Takeovers)
  | ({ readonly kind: 'deposits' } & Deposits)
  | ({ readonly kind: 'conference' } & Conference)
  | ({ readonly kind: 'pages' } & PageChanges)
  | ({ readonly kind: 'bystanders' } & Bystanders)
  | { readonly kind: 'bystand'; readonly seconds: number };

/** What the server spent on each operation: all its threads and processes, in user and in kernel mode. */
export interface Cost {
  readonly cpuMicroseconds: number;
}

/** The result of a closed loop. */
export interface Throughput extends Cost {
  readonly perSecond: number;
}

/** The result of one change of a phone. */
export interface PagesTold extends Cost {
  /** How many were told. */
  readonly pages: number;
  /** Sent to all of them together. */
  readonly octets: number;
  /** Until the last of them was told. */
  readonly seconds: number;
}

export interface Percentiles {
  readonly p50: number;
  readonly p99: number;
}

export interface Outcomes {
  readonly connect: { readonly seconds: number };
  readonly disconnect: null;
  readonly register: Throughput;
  readonly calls: Throughput;
  readonly 'first-calls': Cost;
  /** Milliseconds from the callee's 200 to its ACK, to the caller's 200, and to the later of both: the call is up. */
  readonly setup: Cost & {
    readonly calls: number;
    readonly calleeAck: Percentiles;
    readonly callerAnswer: Percentiles;
    readonly up: Percentiles;
  };
  readonly storm: Cost & { readonly phones: number; readonly seconds: number; readonly refused: number };
  readonly deposits: { readonly calls: number };
  /** The shares of a core while one speaks, and while all do. */
  readonly conference: { readonly one: number; readonly all: number };
  readonly pages: readonly PagesTold[];
  readonly bystanders: null;
  readonly bystand: Seen;
  /** Milliseconds from the last digit of a code to the station's page being told who it speaks for now, one at a time. */
  readonly takeovers: Throughput & { readonly ms: Percentiles };
}
