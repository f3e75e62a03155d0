import { assertNever } from '@perch/shared';
import type { HeaderField, SipRequest } from '../message/message.ts';
import type { ServerTransaction } from '../transaction/transaction-layer.ts';
import type { Flow } from '../transport/flow.ts';
import type { DialogHost } from './dialog-peer.ts';
import type { LegContext } from './leg-context.ts';
import type { DialogSnapshot, Leg, LegEvent, Reason, Target } from './leg.ts';
import { step } from './machines/leg-life.ts';
import type { Effect, Event, State } from './machines/leg-life.ts';
import type { LegDialog } from './leg-dialog.ts';

export type EarlyEffect = Extract<Effect, { kind: 'refuse' | 'cancel' }>;

const NO_FLOWS: readonly Flow[] = [];
const NO_LABELS: readonly HeaderField[] = [];

/** A leg and its dialog: what inbound, outbound and restored ones share. The life machine decides, the dialog sends. */
export abstract class DialogLeg implements Leg, DialogHost {
  readonly id: string;
  /** The flows with which the leg has to do, kept by `LegsByFlow`. */
  flows: readonly Flow[] = NO_FLOWS;
  protected readonly context: LegContext;
  #life: State;
  #target: Target;
  #labels: readonly HeaderField[];
  #listener: ((event: LegEvent) => void) | undefined;

  constructor(context: LegContext, id: string, target: Target, life: State, label?: HeaderField) {
    this.context = context;
    this.id = id;
    this.#target = target;
    this.#life = life;
    this.#labels = label === undefined ? NO_LABELS : [label];
  }

  /** Of all its messages. */
  abstract readonly callId: string;
  /** `undefined` while there is no dialog. */
  protected abstract readonly legDialog: LegDialog | undefined;
  /** What only one kind of leg does, before it is confirmed. */
  protected abstract early(effect: EarlyEffect): void;

  get target(): Target {
    return this.#target;
  }

  get labels(): readonly HeaderField[] {
    return this.#labels;
  }

  get state(): 'early' | 'confirmed' | 'over' {
    switch (this.#life.kind) {
      case 'inviting':
      case 'withdrawing':
      case 'cancelling':
      case 'invited':
        return 'early';
      case 'answered':
      case 'confirmed':
        return 'confirmed';
      case 'leaving':
      case 'over':
        return 'over';
      default:
        return assertNever(this.#life);
    }
  }

  protected get life(): State['kind'] {
    return this.#life.kind;
  }

  label(field: HeaderField): void {
    this.#labels = [field];
    this.context.labelled(this.callId, field);
  }

  relabel(field: HeaderField): void {
    this.label(field);
    this.#live?.tellLabels();
  }

  listen(listener: (event: LegEvent) => void): void {
    this.#listener = listener;
  }

  offer(sdp: string): void {
    this.#live?.offers.offer(sdp);
  }

  askOffer(): void {
    this.#live?.offers.ask();
  }

  acceptOffer(sdp: string): void {
    this.#live?.offers.accept(sdp);
  }

  refuseOffer(status: number, fields: readonly HeaderField[] = []): void {
    this.#live?.offers.refuse(status, fields);
  }

  info(contentType: string, body: string): void {
    this.#live?.info(contentType, body);
  }

  refer(uri: string, answered: (status: number) => void): void {
    this.#live?.refer(uri, answered);
  }

  acceptRefer(id: number): void {
    this.#live?.refers.accept(id);
  }

  refuseRefer(id: number, status: number): void {
    this.#live?.refers.refuse(id, status);
  }

  referProgress(id: number, status: number, text?: string): void {
    this.#live?.refers.progress(id, status, text);
  }

  end(reason?: Reason): void {
    this.happen({ kind: 'end', ...(reason !== undefined && { reason }) });
  }

  withdraw(reason?: Reason): void {
    this.happen({ kind: 'withdraw', ...(reason !== undefined && { reason }) });
  }

  rebind(target: Target): void {
    this.#target = target;
    this.context.uses(this.id, target.flow);
    this.#live?.rebound();
  }

  snapshot(): DialogSnapshot | undefined {
    return this.state === 'over' ? undefined : this.legDialog?.snapshot();
  }

  isDialog(callId: string, tagA: string, tagB: string): boolean {
    const { legDialog } = this;
    if (legDialog === undefined || legDialog.dialog.callId !== callId) return false;
    const { localTag, remoteTag } = legDialog.dialog;
    return (tagA === localTag && tagB === remoteTag) || (tagA === remoteTag && tagB === localTag);
  }

  /** The leg is over: drops the references that would keep it in memory. */
  protected released(): void {
    return;
  }

  /** Is that request one of this leg's dialog? */
  owns(request: SipRequest): boolean {
    return this.legDialog?.isOf(request) ?? false;
  }

  receive(transaction: ServerTransaction): void {
    const { flow } = transaction;
    // The peer is back before its registration said so.
    if (!this.#target.flow.open && flow.open) this.#target = { ...this.#target, flow };
    this.legDialog?.receive(transaction);
  }

  acknowledged(ack: SipRequest): void {
    this.legDialog?.offers.acknowledged(ack);
  }

  cancelled(transaction: ServerTransaction, _cancel: SipRequest): void {
    this.legDialog?.offers.cancelled(transaction);
  }

  flowClosed(flow: Flow): void {
    this.legDialog?.flowClosed(flow);
    if (flow === this.#target.flow) this.happen({ kind: 'flow-lost' });
  }

  happen(event: Event): void {
    const [state, effects] = step(this.#life, event);
    this.#life = state;
    for (const effect of effects) this.#perform(effect);
  }

  /** Nothing is reported after the last word. */
  report(event: LegEvent): void {
    if (this.state !== 'over') this.#say(event);
  }

  /** In a microtask, so that no command ever calls back before it returns. A listener's mistake costs this leg only. */
  #say(event: LegEvent): void {
    queueMicrotask(() => {
      try {
        this.#listener?.(event);
      } catch (error) {
        this.context.fault(error);
        this.end();
      }
    });
  }

  /** The dialog, while commands still mean something to it. */
  get #live(): LegDialog | undefined {
    return this.state === 'confirmed' ? this.legDialog : undefined;
  }

  #perform(effect: Effect): void {
    switch (effect.kind) {
      case 'report':
        this.#say(effect.event);
        return;
      case 'refuse':
      case 'cancel':
        this.early(effect);
        return;
      case 'bye':
        this.legDialog?.bye(effect.reason);
        return;
      case 'release':
        this.legDialog?.close();
        this.released();
        this.context.release(this.id);
        return;
      default:
        assertNever(effect);
    }
  }
}
