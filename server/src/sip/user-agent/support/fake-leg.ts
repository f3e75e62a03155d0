import type { HeaderField, SipRequest } from '../../message/message.ts';
import { parseMessage } from '../../message/parse.ts';
import type { DialogSnapshot, InboundLeg, Invitation, LegEvent, Reason, Target } from '../leg.ts';

/** What a fake leg was told to do. */
export type LegCommand =
  | { readonly kind: 'progress'; readonly status: number; readonly sdp?: string }
  | { readonly kind: 'answer'; readonly sdp: string; readonly fields?: readonly HeaderField[] }
  | {
      readonly kind: 'reject';
      readonly status: number;
      readonly reason?: Reason;
      readonly fields?: readonly HeaderField[];
    }
  | { readonly kind: 'offer' | 'accept-offer'; readonly sdp: string }
  | { readonly kind: 'ask-offer' }
  | { readonly kind: 'refuse-offer'; readonly status: number; readonly fields?: readonly HeaderField[] }
  | { readonly kind: 'info'; readonly contentType: string; readonly body: string }
  | { readonly kind: 'refer'; readonly uri: string }
  | { readonly kind: 'accept-refer'; readonly id: number }
  | { readonly kind: 'refuse-refer'; readonly id: number; readonly status: number }
  | { readonly kind: 'refer-progress'; readonly id: number; readonly status: number; readonly text?: string }
  | { readonly kind: 'end' | 'withdraw'; readonly reason?: Reason }
  | { readonly kind: 'relabel'; readonly field: HeaderField }
  | { readonly kind: 'rebind'; readonly target: Target };

interface FakeLegOptions {
  readonly id: string;
  readonly target: Target;
  readonly sdp?: string;
  readonly direction?: 'inbound' | 'outbound';
  readonly request?: SipRequest;
  readonly invitation?: Invitation;
  /** A leg taken up again after a restart starts confirmed. */
  readonly snapshot?: DialogSnapshot;
}

/**
 * A leg without SIP behind it: records its commands in `commands`, and reports what the test passes to `says`.
 * Like the real one it answers `end` on a confirmed leg, and `reject` or `end` on an unanswered inbound one, with
 * `ended` by us in a microtask; a cancelled outbound leg stays early until the test lets its `failed` come.
 */
export class FakeLeg implements InboundLeg {
  readonly id: string;
  readonly sdp: string;
  readonly request: SipRequest;
  /** What `invite` was given, on an outbound leg. */
  readonly invitation: Invitation | undefined;
  readonly commands: LegCommand[] = [];
  /** What goes with each INVITE and its answers now. */
  labelled: HeaderField | undefined;
  state: 'early' | 'confirmed' | 'over' = 'early';
  target: Target;
  readonly #direction: 'inbound' | 'outbound';
  readonly #snapshot: DialogSnapshot;
  #listener: (event: LegEvent) => void = () => undefined;
  #referred: (status: number) => void = () => undefined;

  constructor(options: FakeLegOptions) {
    this.id = options.id;
    this.target = options.target;
    this.invitation = options.invitation;
    this.labelled = options.invitation?.label;
    this.sdp = options.sdp ?? '';
    this.#direction = options.direction ?? 'inbound';
    this.request = options.request ?? plainInvite();
    this.#snapshot = options.snapshot ?? snapshotOf(this.id, this.#direction, options.target);
    if (options.snapshot !== undefined) this.state = 'confirmed';
  }

  /** The peer did something: the listener is called before this returns. */
  says(event: LegEvent): void {
    if (this.state === 'over') return;
    if (event.kind === 'answered') this.state = 'confirmed';
    if (event.kind === 'ended' || event.kind === 'failed' || event.kind === 'cancelled') this.state = 'over';
    this.#listener(event);
  }

  /** The peer answers the latest REFER. */
  answersRefer(status: number): void {
    this.#referred(status);
  }

  /** The commands of one kind, in order. */
  told<Kind extends LegCommand['kind']>(kind: Kind): readonly Extract<LegCommand, { kind: Kind }>[] {
    return this.commands.filter(
      (command): command is Extract<LegCommand, { kind: Kind }> => command.kind === kind,
    );
  }

  label(field: HeaderField): void {
    this.labelled = field;
  }

  relabel(field: HeaderField): void {
    this.labelled = field;
    this.#obey({ kind: 'relabel', field });
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  progress(status: number, sdp?: string): void {
    this.#obey({ kind: 'progress', status, ...(sdp !== undefined && { sdp }) });
  }

  answer(sdp: string, fields?: readonly HeaderField[]): void {
    if (this.state !== 'early') return;
    this.#obey({ kind: 'answer', sdp, ...(fields !== undefined && { fields }) });
    this.state = 'confirmed';
  }

  reject(
    status: number,
    options: { readonly reason?: Reason; readonly fields?: readonly HeaderField[] } = {},
  ): void {
    if (this.state !== 'early') return;
    this.#obey({ kind: 'reject', status, ...options });
    this.#over();
  }

  offer(sdp: string): void {
    this.#obey({ kind: 'offer', sdp });
  }

  askOffer(): void {
    this.#obey({ kind: 'ask-offer' });
  }

  acceptOffer(sdp: string): void {
    this.#obey({ kind: 'accept-offer', sdp });
  }

  refuseOffer(status: number, fields?: readonly HeaderField[]): void {
    this.#obey({ kind: 'refuse-offer', status, ...(fields && { fields }) });
  }

  info(contentType: string, body: string): void {
    this.#obey({ kind: 'info', contentType, body });
  }

  refer(uri: string, answered: (status: number) => void): void {
    this.#obey({ kind: 'refer', uri });
    this.#referred = answered;
  }

  acceptRefer(id: number): void {
    this.#obey({ kind: 'accept-refer', id });
  }

  refuseRefer(id: number, status: number): void {
    this.#obey({ kind: 'refuse-refer', id, status });
  }

  referProgress(id: number, status: number, text?: string): void {
    this.#obey({ kind: 'refer-progress', id, status, ...(text !== undefined && { text }) });
  }

  end(reason?: Reason): void {
    if (this.state === 'over' || this.told('end').length > 0) return;
    this.#obey({ kind: 'end', ...(reason !== undefined && { reason }) });
    if (this.state === 'confirmed' || this.#direction === 'inbound') this.#over();
  }

  withdraw(reason?: Reason): void {
    if (this.state === 'early') this.#obey({ kind: 'withdraw', ...(reason !== undefined && { reason }) });
  }

  rebind(target: Target): void {
    this.#obey({ kind: 'rebind', target });
    this.target = target;
  }

  snapshot(): DialogSnapshot | undefined {
    const isDialog = this.state === 'confirmed' || (this.state === 'early' && this.#direction === 'inbound');
    return isDialog ? this.#snapshot : undefined;
  }

  isDialog(callId: string, tagA: string, tagB: string): boolean {
    const { localTag, remoteTag } = this.#snapshot;
    const tags = tagA === localTag ? tagB === remoteTag : tagA === remoteTag && tagB === localTag;
    return tags && callId === this.#snapshot.callId;
  }

  #obey(command: LegCommand): void {
    if (this.state !== 'over') this.commands.push(command);
  }

  #over(): void {
    this.state = 'over';
    queueMicrotask(() => {
      this.#listener({ kind: 'ended', by: 'us' });
    });
  }
}

/** A minimal INVITE. */
function plainInvite(): SipRequest {
  const parsed = parseMessage(
    'INVITE sip:102@example.org SIP/2.0\r\nVia: SIP/2.0/WS phone.invalid;branch=z9hG4bK1\r\n' +
      'From: <sip:101@example.org>;tag=1\r\nTo: <sip:102@example.org>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n\r\n',
  );
  if (!parsed.ok || parsed.message.kind !== 'request') throw new Error('the plain INVITE does not parse');
  return parsed.message;
}

function snapshotOf(id: string, direction: 'inbound' | 'outbound', target: Target): DialogSnapshot {
  return {
    callId: `call-${id}`,
    localTag: `local-${id}`,
    remoteTag: `remote-${id}`,
    localUri: 'sip:local@example.org',
    remoteUri: 'sip:remote@example.org',
    localSequence: 1,
    remoteSequence: 1,
    remoteTarget: target.contact,
    routeSet: [],
    role: direction === 'inbound' ? 'uas' : 'uac',
    allowsUpdate: true,
  };
}
