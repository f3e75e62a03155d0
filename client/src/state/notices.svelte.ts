export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'bad';
}

/** How long a sentence stays (milliseconds): time to look up and read it. */
const SHOWN_MS = 7_000;

/** Sentences that come and go. */
export class Notices {
  list: readonly Notice[] = $state([]);
  #next = 0;

  show(text: string, tone: Notice['tone'] = 'plain'): void {
    const id = this.#next++;
    this.list = [...this.list, { id, text, tone }].slice(-3);
    setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  clear(): void {
    this.list = [];
  }
}
