import type { TerminalId } from '@perch/shared';
import type { Flow } from '../../../sip/transport/flow.ts';
import { type Farewell, farewellOf } from '../../../sip/user-agent/farewells.ts';
import type { Leg } from '../../../sip/user-agent/leg.ts';
import type { UserAgent } from '../../../sip/user-agent/user-agent.ts';
import { AbsentFlow } from '../../flows/absent-flow.ts';
import type { CallStore, Clock, OwedBye, StoredCall } from '../../ports.ts';
import type { Binding } from '../../registrar/bindings.ts';
import { REASONS } from '../outcome.ts';
import type { Phones } from '../ports.ts';

interface OwedByesParts {
  readonly store: Pick<CallStore, 'owe' | 'pay'>;
  readonly phones: Phones;
  readonly userAgent: Pick<UserAgent, 'leave' | 'flowReplaced'>;
  readonly clock: Pick<Clock, 'after'>;
  readonly failed: (error: unknown) => void;
}

/** What the disk has not taken is tried again after that time (milliseconds). */
const RETRY_MS = 1_000;

/**
 * A phone that was away when its call ended hears of it when it is back, even where the server was started anew meanwhile. It is known by its
 * binding, for its flow is another one by then.
 */
export class OwedByes {
  readonly #parts: OwedByesParts;
  /** The phones that had calls, or are owed a BYE, and have not come back since a restart: by terminal, then by their keys. */
  readonly #absent = new Map<TerminalId, Map<string, AbsentFlow>>();

  /** The tags of those that the disk is being rid of. */
  readonly #paying = new Set<string>();
  /** And of those that it has not been rid of. */
  readonly #unpaid = new Set<string>();
  #stopRetry: () => void = () => undefined;

  constructor(parts: OwedByesParts) {
    this.#parts = parts;
  }

  /** In place of the flow of a phone that has yet to come back after a restart. */
  absentFlow(terminal: TerminalId, binding: string): AbsentFlow {
    const ofTerminal = this.#absent.get(terminal) ?? new Map<string, AbsentFlow>();
    this.#absent.set(terminal, ofTerminal);
    const flow = ofTerminal.get(binding) ?? new AbsentFlow(terminal, binding);
    ofTerminal.set(binding, flow);
    return flow;
  }

  /**
   * What was owed before a restart. Of a call that is taken up no phone is told that it is over, as its end was not stored: it goes on, or
   * ends anew, and then its phones are told, once.
   */
  restore(owed: readonly OwedBye[], takenUp: readonly StoredCall[]): void {
    const underWay = new Set(takenUp.flatMap(tagsOf));
    for (const { terminal, binding, tag, bye } of owed) {
      if (underWay.has(tag)) this.#pay(tag);
      else this.#parts.userAgent.leave(this.absentFlow(terminal, binding), { tag, bye });
    }
  }

  /** A phone has registered. */
  registered({ terminal, key, flow }: Binding): void {
    const ofTerminal = this.#absent.get(terminal);
    const absent = ofTerminal?.get(key);
    if (absent === undefined) return;
    ofTerminal?.delete(key);
    if (ofTerminal?.size === 0) this.#absent.delete(terminal);
    this.#parts.userAgent.flowReplaced(absent, flow);
  }

  /** `terminal`: where the phone of that flow is. */
  owed(flow: Flow, terminal: TerminalId, farewell: Farewell): boolean {
    const { store, failed } = this.#parts;
    const binding = flow instanceof AbsentFlow ? flow.binding : this.#bindingOn(flow, terminal);
    if (binding === undefined) return false;
    this.#paying.delete(farewell.tag);
    this.#unpaid.delete(farewell.tag);
    store.owe({ ...farewell, terminal, binding }).catch(failed);
    return true;
  }

  /**
   * The phone of that leg is told that its call is over where this process ends before the call does, as no other could go on with it. The
   * returned function is called once it is over.
   */
  insure(leg: Pick<Leg, 'target' | 'snapshot'>, terminal: TerminalId): () => void {
    const { store, failed } = this.#parts;
    const [binding, dialog] = [this.#bindingOn(leg.target.flow, terminal), leg.snapshot()];
    if (binding === undefined || dialog === undefined) return () => undefined;
    const farewell = farewellOf(dialog, REASONS.restarted);
    store.owe({ ...farewell, terminal, binding }).catch(failed);
    return () => {
      this.paid(farewell);
    };
  }

  paid({ tag }: Farewell): void {
    this.#pay(tag);
  }

  close(): void {
    this.#stopRetry();
  }

  /** One that is not taken off the disk would be sent once more after a restart, to a phone that knows of no such call. */
  #pay(tag: string): void {
    const { store, failed, clock } = this.#parts;
    this.#paying.add(tag);
    store.pay(tag).then(
      () => void this.#paying.delete(tag),
      (error: unknown) => {
        failed(error);
        // Unless it is owed anew by now.
        if (!this.#paying.delete(tag)) return;
        if (this.#unpaid.size === 0) this.#stopRetry = clock.after(RETRY_MS, () => this.#payAgain());
        this.#unpaid.add(tag);
      },
    );
  }

  #payAgain(): void {
    const tags = [...this.#unpaid];
    this.#unpaid.clear();
    for (const tag of tags) this.#pay(tag);
  }

  #bindingOn(flow: Flow, terminal: TerminalId): string | undefined {
    return this.#parts.phones.bindings(terminal).find((binding) => binding.flow === flow)?.key;
  }
}

/** Ours in the dialogs of its phones. */
const tagsOf = ({ caller, callee }: StoredCall): readonly string[] =>
  [caller, callee].flatMap((end) => ('service' in end ? [] : [end.dialog.localTag]));
