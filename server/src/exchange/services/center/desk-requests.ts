import { assertNever, type CallId, type ExtensionId, type TerminalId } from '@perch/shared';
import { failureOf } from '../../failure-of-call.ts';
import type { Happened } from '../../happenings.ts';
import type { Directory } from '../../ports.ts';
import type { Told, ToldToWait, VirtualizationDesk } from '../../virtualization-desk.ts';
import type { Verdict } from './visit.ts';

export interface DeskRequestPorts {
  readonly desk: VirtualizationDesk;
  readonly directory: Directory;
  readonly happened: Happened;
}

/** The virtualization desk for one visit: it knows what was dialled where, and turns the desk's answers into verdicts. */
export class DeskRequests {
  /** The extension that was dialled; none to return. */
  readonly number: string | undefined;
  readonly #desk: VirtualizationDesk;
  readonly #directory: Directory;
  readonly #call: CallId;
  readonly #terminal: TerminalId;
  readonly #happened: Happened;
  #withdraw: () => void = () => undefined;

  constructor(
    { desk, directory, happened }: DeskRequestPorts,
    call: CallId,
    terminal: TerminalId,
    number: string | undefined,
  ) {
    this.#desk = desk;
    this.#directory = directory;
    this.#happened = happened;
    this.#call = call;
    this.#terminal = terminal;
    this.number = number;
  }

  /** Makes the dialled request, without a code. */
  request(tell: (verdict: Verdict) => void): Promise<void> {
    return this.#consult(
      this.number === undefined
        ? this.#desk.returnHome(this.#terminal, 'dialled')
        : this.#desk.requestMove(this.#terminal, this.number),
      tell,
    );
  }

  verify(code: string, tell: (verdict: Verdict) => void): Promise<void> {
    return this.#consult(this.#desk.verifyAndMove(this.#terminal, this.number ?? '', code), tell);
  }

  /** Takes back a request that waits for an emergency call. */
  withdraw(): void {
    this.#withdraw();
  }

  /** The visit ended and moved nothing. Where that cannot be recorded, the visitor has already gone and is not told. */
  async dropped(): Promise<void> {
    if (this.number !== undefined)
      await this.#desk.visitDropped(this.#terminal, this.number).catch(this.#failed);
  }

  async #consult(asked: Promise<Told | ToldToWait>, tell: (verdict: Verdict) => void): Promise<void> {
    const told = await asked.catch(this.#failed);
    if (!told || !('later' in told)) {
      tell(this.#verdictOf(told));
      return;
    }
    this.#withdraw = told.withdraw;
    tell({ kind: 'waiting' });
    tell(this.#verdictOf(await told.later.catch(this.#failed)));
  }

  /** The visitor hears only that it has failed; the log says why. Where their phone has been deleted meanwhile, there was nothing to do. */
  readonly #failed = (error: unknown): undefined => {
    if (this.#directory.ownerOf(this.#terminal) !== undefined)
      this.#happened({ kind: 'failed', error: failureOf(this.#call, error) });
  };

  #verdictOf(told: Told | undefined): Verdict {
    if (!told) return { kind: 'failed' };
    const { answer, consequences } = told;
    switch (answer.kind) {
      case 'accepted':
      case 'already-here':
      case 'claimed':
        return { kind: answer.kind, number: this.#numberOf(answer.extension), consequences };
      case 'returned': {
        const { extension } = answer;
        return {
          kind: 'returned',
          number: this.#numberOf(extension),
          to: this.#placeOf(extension),
          consequences,
        };
      }
      case 'code-needed':
      case 'wrong-code':
      case 'not-allowed':
      case 'nothing-to-return':
        return { kind: answer.kind };
      case 'not-virtual':
      case 'occupied':
      case 'undone':
      case 'nothing-to-undo':
      case 'done':
        throw new Error(`the desk answered a visitor with ${answer.kind}`);
      default:
        return assertNever(answer);
    }
  }

  #numberOf(extension: ExtensionId): string {
    return this.#directory.byId(extension)?.number ?? '';
  }

  /** Where an extension that was sent home from here rings now. */
  #placeOf(extension: ExtensionId): 'this-phone' | 'own-phone' | 'nowhere' {
    if (extension === this.#directory.ownerOf(this.#terminal)) return 'this-phone';
    return this.#desk.terminalOf(extension) === undefined ? 'nowhere' : 'own-phone';
  }
}
