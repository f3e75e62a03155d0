import type { CallNotice, TerminalId } from '@perch/shared';

/** A phone that a push message reaches while its page is closed or asleep (RFC 8030, RFC 8599). */
export interface PushablePhone {
  readonly terminal: TerminalId;
  /** Its `+sip.instance`, such as `urn:uuid:…`. */
  readonly instance: string;
}

/** Push messages, as call control needs them. */
export interface PushMessages {
  /** The phones of a terminal that have asked for them. */
  phonesAt(terminal: TerminalId): readonly PushablePhone[];
  /**
   * Resolves to whether the push service of the phone has taken it; never rejects. `caller`: whose call it is about, as nobody may use up
   * what a phone takes for the calls of others.
   */
  send(phone: PushablePhone, notice: CallNotice, caller: string): Promise<boolean>;
}
