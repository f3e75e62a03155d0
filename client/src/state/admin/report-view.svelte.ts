import { api, type Report } from '@perch/shared';
import { request } from '../../api/request.ts';
import type { ReportAsked } from '../../phone/records/asked-report.ts';
import { refusalSentence } from '../sentences.ts';

/** Figures, as far as their rows have been asked for. */
export class ReportView {
  report = $state.raw<Report>();
  refusal = $state<string>();
  busy = $state(false);
  #query: ReportAsked | undefined;
  #asked: AbortController | undefined;

  /** Asks for another report; an answer to an earlier question is of no interest any more. */
  async find(query: ReportAsked): Promise<void> {
    this.#query = query;
    const found = await this.#ask(0);
    if (found !== undefined) this.report = found;
  }

  /** Asks for the rows after those that are there. */
  async more(): Promise<void> {
    const rows = this.report?.rows ?? [];
    const found = await this.#ask(rows.length);
    if (found !== undefined) this.report = { ...found, rows: [...rows, ...found.rows] };
  }

  close(): void {
    this.#asked?.abort();
  }

  async #ask(skip: number): Promise<Report | undefined> {
    if (this.#query === undefined) return undefined;
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.busy = true;
    try {
      const found = await request(api.report, { query: { ...this.#query, skip } }, asked.signal);
      if (asked.signal.aborted) return undefined;
      this.refusal = undefined;
      return found;
    } catch (error) {
      if (!asked.signal.aborted) this.refusal = refusalSentence(error);
      return undefined;
    } finally {
      if (this.#asked === asked) this.busy = false;
    }
  }
}
