import { api, type Language, type Session, type SignInProvider } from '@perch/shared';
import { request, RequestError } from '../../api/request.ts';
import { Task } from '../page/task.svelte.ts';

const UNAUTHORIZED = 401;

/** Who is signed in to management in this browser. */
export class AdminSession {
  /** `null` where no one is signed in, `undefined` until the server has said. */
  current: Session | null | undefined = $state.raw();
  /** Of the person who is signed in; `null` where they have chosen none. */
  language: Language | null = $state(null);
  /** Where one can sign in, too; `null` where there is none. */
  provider: SignInProvider | null = $state.raw(null);
  /** Why the server has not said who is signed in. */
  trouble: string | undefined = $state();
  /** Asking that. */
  readonly looking = new Task();
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

  /** Where the server does not say, nobody is signed out, either. */
  readonly look = async (): Promise<void> => {
    const done = await this.looking.inTurn(() => request(api.session, {}));
    this.trouble = this.looking.refusal;
    if (!done) return;
    this.provider = done.value.provider;
    this.#know(done.value.session);
  };

  readonly begin = (session: Session): void => this.#know(session);

  /** Throws where the server does not take it. */
  readonly setLanguage = async (language: Language | null): Promise<void> => {
    await request(api.setOwnLanguage, { body: { language } });
    this.language = language;
  };

  /** The server has ended it. */
  readonly end = (): void => {
    this.#know(null);
  };

  /** Only the server can end it: the cookie is out of reach of the page. */
  readonly signOut = async (): Promise<void> => {
    const done = await this.#signingOut.run(askToEnd);
    if (!done) return;
    this.end();
    if (done.value !== null) this.#leave(done.value);
  };

  #know(session: Session | null): void {
    this.language = session?.language ?? null;
    this.current = session;
  }
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
