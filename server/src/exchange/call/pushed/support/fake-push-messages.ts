import type { CallNotice, TerminalId } from '@perch/shared';
import type { PushablePhone, PushMessages } from '../ports.ts';

/** Push messages that arrive at once, or, while `taken` is false, nowhere. */
export class FakePushMessages implements PushMessages {
  phones: readonly PushablePhone[] = [];
  taken = true;
  readonly sent: { readonly to: PushablePhone; readonly notice: CallNotice }[] = [];

  phonesAt(terminal: TerminalId): readonly PushablePhone[] {
    return this.phones.filter((phone) => phone.terminal === terminal);
  }

  send(to: PushablePhone, notice: CallNotice): Promise<boolean> {
    this.sent.push({ to, notice });
    return Promise.resolve(this.taken);
  }

  /** The notices of one kind, in order. */
  told<Kind extends CallNotice['kind']>(kind: Kind): readonly Extract<CallNotice, { readonly kind: Kind }>[] {
    return this.sent
      .map(({ notice }) => notice)
      .filter((notice): notice is Extract<CallNotice, { readonly kind: Kind }> => notice.kind === kind);
  }
}
