import type { ProblemCode } from '@perch/shared';
import { RequestError } from '../../api/request.ts';
import { refusalSentence } from '../sentences.ts';

/** One thing asked of the server: under way, refused with a sentence, or done. */
export class Task {
  busy = $state(false);
  refusal: string | undefined = $state();
  /** What kind of refusal it is. */
  refusedFor: ProblemCode | undefined;
  /** What is wrong with single fields, by their names in the API. */
  errors: Readonly<Record<string, string>> = $state.raw({});

  /** Runs it unless it runs already; `undefined` where the server refused. */
  async run<T>(work: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    if (this.busy) return undefined;
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
