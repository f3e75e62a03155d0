import { api, type Session, type SignInProvider } from '@perch/shared';
import { request, RequestError } from '../../api/request.ts';
import { Task } from '../page/task.svelte.ts';

const UNAUTHORIZED = 401;

/** Who is signed in to management in this browser. */
export class AdminSession {
  /** `null` where no one is signed in, `undefined` until the server has said. */
  current: Session | null | undefined = $state.raw();
  /** Where one can sign in, too; `null` where there is none. */
  provider: SignInProvider | null = $state.raw(null);
  readonly #signingOut = new Task();
  readonly #leave: (address: string) => void;

  /** @param leave goes to an address that is not ours. */
  constructor(leave: (address: string) => void = (address) => location.assign(address)) {
    this.#leave = leave;
  }

  /** Why the session goes on although its end was asked for. */
  get refusal(): string | undefined {
    return this.#signingOut.refusal;
  }

  async look(): Promise<void> {
    const found = await request(api.session, {}).catch(() => ({ session: null, provider: null }));
    this.provider = found.provider;
    this.current = found.session;
  }

  readonly begin = (session: Session): void => {
    this.current = session;
  };

  /** The server has ended it. */
  readonly end = (): void => {
    this.current = null;
  };

  /** Only the server can end it: the cookie is out of reach of the page. */
  readonly signOut = async (): Promise<void> => {
    const done = await this.#signingOut.run(askToEnd);
    if (!done) return;
    this.end();
    if (done.value !== null) this.#leave(done.value);
  };
}

/** @returns where one signs out at the provider. */
async function askToEnd(): Promise<string | null> {
  try {
    return (await request(api.signOut, {})).next;
  } catch (error) {
    const isOver = error instanceof RequestError && error.status === UNAUTHORIZED;
    if (!isOver) throw error;
    return null;
  }
}
