import { type CodedStation, type EnrolledTerminal, stationCodesApi } from '@perch/shared';
import { request } from '../../api/request.ts';
import { Task } from '../page/task.svelte.ts';

/** A phone of this browser, by which its owner is known. */
type OwnPhone = Pick<EnrolledTerminal, 'number' | 'token'>;

export type SignInStep =
  /** There are several phones in this browser. */
  | { readonly kind: 'choosing' }
  | { readonly kind: 'typing'; readonly phone: OwnPhone }
  /** Is this the station that they mean? Nothing has changed so far. */
  | {
      readonly kind: 'asking';
      readonly phone: OwnPhone;
      readonly code: string;
      readonly coded: CodedStation;
    }
  | { readonly kind: 'done'; readonly phone: OwnPhone; readonly coded: CodedStation }
  | { readonly kind: 'declined'; readonly phone: OwnPhone };

/** Somebody signs in at a station from their own phone: with the code that the station shows, once they have seen which one it is. */
export class StationSignIn {
  step: SignInStep = $state.raw({ kind: 'choosing' });
  readonly task = new Task();
  /** What was scanned; empty where the code is to be typed. */
  readonly #scanned: string;

  constructor(scanned: string) {
    this.#scanned = scanned;
  }

  readonly choose = async (phone: OwnPhone): Promise<void> => {
    this.step = { kind: 'typing', phone };
    if (this.#scanned !== '') await this.look(this.#scanned);
  };

  /** Asks which station it is. */
  readonly look = async (code: string): Promise<void> => {
    if (this.step.kind !== 'typing') return;
    const { phone } = this.step;
    const given = { token: phone.token, body: { code } };
    const found = await this.task.run(() => request(stationCodesApi.lookUpStation, given));
    if (found !== undefined) this.step = { kind: 'asking', phone, code, coded: found.value };
  };

  readonly confirm = async (): Promise<void> => {
    if (this.step.kind !== 'asking') return;
    const { phone, code, coded } = this.step;
    const given = { token: phone.token, body: { code } };
    const done = await this.task.run(() => request(stationCodesApi.signInAtStation, given));
    if (done !== undefined) this.step = { kind: 'done', phone, coded };
    // That code is worth nothing any more, however often it is tried.
    else if (this.task.refusedFor === 'link-invalid') this.step = { kind: 'typing', phone };
  };

  readonly decline = (): void => {
    if (this.step.kind === 'asking') this.step = { kind: 'declined', phone: this.step.phone };
  };

  /** With another code. */
  readonly again = (): void => {
    if (this.step.kind === 'choosing') return;
    this.task.refusal = undefined;
    this.step = { kind: 'typing', phone: this.step.phone };
  };
}
