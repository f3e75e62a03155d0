import { api, type CallRecord } from '@perch/shared';
import type { CallsAsked } from '../../phone/records/asked-calls.ts';
import { request, RequestError } from '../../api/request.ts';

/** Calls that have ended, as far as they have been asked for, the latest first. */
export class CallList {
  calls = $state.raw<readonly CallRecord[]>();
  refusal = $state<string>();
  /** Where the next page begins; `null` after the last. */
  next = $state<string | null>(null);
  #query: CallsAsked = {};
  #asked: AbortController | undefined;

  /** Asks for the first page of other calls; an answer to an earlier question is of no interest any more. */
  async find(query: CallsAsked): Promise<void> {
    this.#query = query;
    const found = await this.#ask({});
    if (found !== undefined) this.calls = found;
  }

  async more(): Promise<void> {
    if (this.next === null) return;
    const found = await this.#ask({ after: this.next });
    if (found !== undefined) this.calls = [...(this.calls ?? []), ...found];
  }

  close(): void {
    this.#asked?.abort();
  }

  async #ask(page: { readonly after?: string }): Promise<readonly CallRecord[] | undefined> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    try {
      const { records, next } = await request(
        api.calls,
        { query: { ...this.#query, ...page } },
        asked.signal,
      );
      if (asked.signal.aborted) return undefined;
      this.refusal = undefined;
      this.next = next;
      return records;
    } catch (error) {
      if (!asked.signal.aborted) this.refusal = error instanceof RequestError ? error.message : String(error);
      return undefined;
    }
  }
}
