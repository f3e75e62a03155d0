import { type ClaimableCall, terminalApi } from '@perch/shared';
import { request } from '../../api/request.ts';
import { Task } from '../page/task.svelte.ts';

/** The calls that were made at this desk just before its guest came: each is theirs, or not. Forgotten with the page. */
export class CallClaims {
  /** Those of which the guest has not said, the earliest first. */
  open: readonly ClaimableCall[] = $state.raw([]);
  readonly claiming = new Task();
  readonly #token: string;

  constructor(token: string) {
    this.#token = token;
  }

  /** Nothing is asked where the server cannot say. */
  readonly look = async (): Promise<void> => {
    const found = await request(terminalApi.claimableCalls, { token: this.#token }).catch(() => []);
    this.open = found.toSorted((one, other) => one.at - other.at);
  };

  readonly claim = async (call: string): Promise<void> => {
    const body = { call };
    const done = await this.claiming.run(
      () => request(terminalApi.claimCall, { token: this.#token, body }),
      call,
    );
    if (done !== undefined) this.disown(call);
  };

  /** It was not theirs. */
  readonly disown = (call: string): void => {
    this.open = this.open.filter(({ id }) => id !== call);
    // What was said about that one is nothing to the next.
    this.claiming.refusal = undefined;
  };
}
