import { extensionId, type ExtensionId, type TerminalId, terminalId } from '@perch/shared';
import type { Answer, Effect, Event } from '../event.ts';
import type { Home } from '../policy.ts';
import type { VirtualizationRecord } from '../record.ts';
import { initialState, type State } from '../state.ts';
import { step } from '../transition.ts';

/** The terminal of the extension with that letter. */
export const phone = (letter: string): TerminalId => terminalId(`phone-${letter}`);

export const home = (letter: string): Home => ({ terminal: phone(letter), owner: extensionId(letter) });

/** For tests: an organization whose extensions are single letters, numbered 101 (A) to 126 (Z), and helpers that take steps. */
export class TestOrganization {
  now = 1_000_000;
  state: State = initialState;
  readonly records: VirtualizationRecord[] = [];
  /** Those on whose terminal there is an emergency call. */
  readonly emergencies = new Set<ExtensionId>();
  readonly disallowed = new Set<string>();
  /** The effects of the last step. */
  effects: readonly Effect[] = [];

  /** Dials `*30<number>` on that phone, without going on to the code. */
  dial(number: string, on: string): Answer['kind'] | 'wait' {
    return this.take({ kind: 'number-dialled', ...this.#request(number, on) });
  }

  enter(code: 'right' | 'wrong', number: string, on: string): Answer['kind'] | 'wait' {
    return this.take({ kind: 'code-entered', correct: code === 'right', ...this.#request(number, on) });
  }

  /** Dials `*30<number>` and enters the right code where one is asked for. */
  move(number: string, on: string): Answer['kind'] | 'wait' {
    const answer = this.dial(number, on);
    return answer === 'code-needed' ? this.enter('right', number, on) : answer;
  }

  /** Dials `*30` alone. */
  return(on: string): Answer['kind'] | 'wait' {
    return this.take({ kind: 'return-asked', at: this.now, ...home(on), way: 'dialled' });
  }

  /** Somebody who manages the floor moves an extension. */
  send(who: string, on: string): Answer['kind'] | 'wait' {
    const about = { at: this.now, extension: extensionId(who), who: 'boss', left: this.awayAt(who) };
    return this.take({ kind: 'sent', ...about, to: home(on), allowed: !this.disallowed.has(on) });
  }

  /** The terminal where an extension is a guest. */
  awayAt(who: string): TerminalId | undefined {
    const base = this.state.virtualizations.of(extensionId(who))?.base;
    return base && phone(base);
  }

  undo(on: string): Answer['kind'] | 'wait' {
    return this.take({ kind: 'undo-asked', at: this.now, ...home(on) });
  }

  take(event: Event): Answer['kind'] | 'wait' {
    [this.state, this.effects] = step(this.state, event, this.emergencies);
    for (const effect of this.effects) if (effect.kind === 'store') this.records.push(effect.stored.record);
    const answer = this.effects.find((effect) => effect.kind === 'answer');
    return answer ? answer.answer.kind : 'wait';
  }

  /** `A on B, C on D` */
  get present(): string {
    return [...this.state.virtualizations]
      .map((one) => `${one.virtual} on ${one.base}`)
      .sort()
      .join(', ');
  }

  #request(number: string, on: string) {
    return {
      at: this.now,
      ...home(on),
      allowed: !this.disallowed.has(on),
      asked: number,
      target: extensionWithNumber(number),
      way: 'dialled' as const,
    };
  }
}

function extensionWithNumber(number: string): ExtensionId | undefined {
  const index = Number(number) - 101;
  return index >= 0 && index < 26 ? extensionId(String.fromCharCode(65 + index)) : undefined;
}
