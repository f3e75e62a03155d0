import type { ProblemCode } from '@perch/shared';
import { RequestError } from '../../api/request.ts';
import { refusalSentence } from '../sentences.ts';

/** What the server did, or `undefined` where it refused. */
type Done<T> = { readonly value: T } | undefined;

/** One thing at a time asked of the server: under way, refused with a sentence, or done. */
export class Task {
  busy = $state(false);
  refusal: string | undefined = $state();
  /** What kind of refusal it is. */
  refusedFor: ProblemCode | undefined;
  /** What is wrong with single fields, by their names in the API. */
  errors: Readonly<Record<string, string>> = $state.raw({});
  /** What keys were pressed for and is under way, or waits for what is. */
  #pressed: readonly string[] = [];
  #underWay: Promise<unknown> = Promise.resolve();

  /**
   * Does what a key was pressed for, after all that was asked before; `undefined` for a second press of it, too.
   * @param key which one, where the task has several: the presses of others are heard as well. For a form that can be changed meanwhile,
   * what it sends.
   */
  async run<T>(work: () => Promise<T>, key = ''): Promise<Done<T>> {
    if (this.#pressed.includes(key)) return undefined;
    this.#pressed = [...this.#pressed, key];
    try {
      return await this.inTurn(work);
    } finally {
      this.#pressed = this.#pressed.filter((one) => one !== key);
    }
  }

  /** Does it after everything that was asked before: for what is read, and for choices, of which the last has to stand. */
  async inTurn<T>(work: () => Promise<T>): Promise<Done<T>> {
    while (this.busy) await Promise.allSettled([this.#underWay]);
    const done = this.#do(work);
    this.#underWay = done;
    return done;
  }

  async #do<T>(work: () => Promise<T>): Promise<Done<T>> {
    this.busy = true;
    [this.refusal, this.refusedFor] = [undefined, undefined];
    this.errors = {};
    try {
      return { value: await work() };
    } catch (error) {
      const fields = error instanceof RequestError ? (error.problem.errors ?? []) : [];
      this.errors = Object.fromEntries(fields.map(({ field, message }) => [field, message]));
      if (fields.length === 0) this.refusal = refusalSentence(error);
      if (error instanceof RequestError) this.refusedFor = error.code;
      return undefined;
    } finally {
      this.busy = false;
    }
  }
}
