import { refusalSentence } from '../sentences.ts';

/** A page of records, and where the next one begins; `null` after the last. */
interface RecordPage<Row> {
  readonly records: readonly Row[];
  readonly next: string | null;
}

/** Reads a page that the query asks for: the first one, or the one after another. */
type Read<Query, Row> = (
  query: Query,
  page: { readonly after?: string },
  signal: AbortSignal,
) => Promise<RecordPage<Row>>;

/** Records of one kind, as far as they have been asked for, the latest first. */
export class RecordList<Query, Row> {
  records = $state.raw<readonly Row[]>();
  refusal = $state<string>();
  busy = $state(false);
  /** Where the next page begins; `null` after the last. */
  next = $state<string | null>(null);
  readonly #read: Read<Query, Row>;
  #query: Query | undefined;
  #asked: AbortController | undefined;

  constructor(read: Read<Query, Row>) {
    this.#read = read;
  }

  /** Asks for the first page of others; an answer to an earlier question is of no interest any more. */
  async find(query: Query): Promise<void> {
    this.#query = query;
    const found = await this.#ask(query, {});
    if (found !== undefined) this.records = found;
  }

  async more(): Promise<void> {
    if (this.next === null || this.#query === undefined) return;
    const found = await this.#ask(this.#query, { after: this.next });
    if (found !== undefined) this.records = [...(this.records ?? []), ...found];
  }

  close(): void {
    this.#asked?.abort();
  }

  async #ask(query: Query, page: { readonly after?: string }): Promise<readonly Row[] | undefined> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    this.busy = true;
    try {
      const { records, next } = await this.#read(query, page, asked.signal);
      if (asked.signal.aborted) return undefined;
      this.refusal = undefined;
      this.next = next;
      return records;
    } catch (error) {
      if (!asked.signal.aborted) this.refusal = refusalSentence(error);
      return undefined;
    } finally {
      if (this.#asked === asked) this.busy = false;
    }
  }
}
