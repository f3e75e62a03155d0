import type { TerminalId } from '@perch/shared';

/** Where a browser takes push messages (RFC 8030), and what they are encrypted with (RFC 8291). */
export interface PushSubscription {
  /** The SHA-256 of the token of the browser, which is a phone as long as that is valid. */
  readonly browser: Buffer;
  readonly terminal: TerminalId;
  /** `+sip.instance` of the phone. */
  readonly instance: string;
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
  readonly madeAt: number;
}

/** The two halves of a key of P-256, in base64url. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Subscriptions and the key of this server. Each change is durable when its promise resolves. */
export interface PushStore {
  /** The key by which push services know this server (RFC 8292); `undefined` before the first start. */
  key(): Promise<KeyPair | undefined>;
  setKey(key: KeyPair): Promise<void>;
  /** They go with the token of their browser. */
  all(): Promise<readonly PushSubscription[]>;
  /** The only one of its browser from now on. @returns whether that is still a phone. */
  put(subscription: PushSubscription): Promise<boolean>;
  delete(browser: Buffer): Promise<void>;
}

/** What became of a message. `gone`: nobody takes messages there any more. */
export type PushOutcome = 'taken' | 'gone' | 'refused' | 'unreachable' | 'held-back';

/** What happens to push messages, for logs and metrics: never whose they are. */
export interface PushJournal {
  /** `host` is that of the push service. */
  sent(outcome: PushOutcome, host: string, error?: unknown): void;
  failed(error: unknown): void;
}
