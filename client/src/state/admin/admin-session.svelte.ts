import { api, type Session } from '@perch/shared';
import { request, RequestError } from '../../api/request.ts';
import { Task } from '../page/task.svelte.ts';

const UNAUTHORIZED = 401;

/** Who is signed in to management in this browser. */
export class AdminSession {
  /** `null` where no one is signed in, `undefined` until the server has said. */
  current: Session | null | undefined = $state.raw();
  readonly #signingOut = new Task();

  /** Why the session goes on although its end was asked for. */
  get refusal(): string | undefined {
    return this.#signingOut.refusal;
  }

  async look(): Promise<void> {
    const { session } = await request(api.session, {}).catch(() => ({ session: null }));
    this.current = session;
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
    if (await this.#signingOut.run(askToEnd)) this.end();
  };
}

async function askToEnd(): Promise<void> {
  try {
    await request(api.signOut, {});
  } catch (error) {
    const isOver = error instanceof RequestError && error.status === UNAUTHORIZED;
    if (!isOver) throw error;
  }
}
