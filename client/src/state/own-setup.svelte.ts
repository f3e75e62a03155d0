import { terminalApi, type OwnSetup as OwnSetupView } from '@perch/shared';
import { request, RequestError } from '../api/request.ts';
import { Task } from './page/task.svelte.ts';

/** What the owner sees and sets of their extension at their own phone, while its settings are open. */
export class OwnSetup {
  /** `undefined` until the server has told, and where this is not for the person here. */
  current: OwnSetupView | undefined = $state.raw();
  readonly lifting = new Task();
  readonly #token: string;
  #asked = 0;

  constructor(token: string) {
    this.#token = token;
  }

  readonly look = async (): Promise<void> => {
    const question = ++this.#asked;
    const found = await request(terminalApi.ownSetup, { token: this.#token }).catch((error: unknown) =>
      // Where the server is not reached, what it last said stays, with what is being written there.
      error instanceof RequestError && error.code === 'unavailable' ? this.current : undefined,
    );
    if (question === this.#asked) this.current = found;
  };

  /** It is not for the person here any more: no answer that comes now is. */
  readonly forget = (): void => {
    this.#asked++;
    this.current = undefined;
  };

  /** Rejects where the server refuses the code. */
  readonly replaceCode = async (code: string): Promise<void> => {
    await request(terminalApi.setOwnSecretCode, { token: this.#token, body: { code } });
    await this.look();
  };

  readonly liftLock = async (): Promise<void> => {
    await this.lifting.run(() => request(terminalApi.liftOwnLock, { token: this.#token }));
    await this.look();
  };
}
