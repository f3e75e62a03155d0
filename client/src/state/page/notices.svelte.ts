import { after } from '../../world/timers.ts';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'good' | 'bad';
  readonly action?: NoticeAction | undefined;
}

/** What can be done about it. */
export interface NoticeAction {
  readonly label: string;
  readonly run: () => void;
}

/** How long a sentence stays (milliseconds): time to look up and read it. */
const SHOWN_MS = 7_000;
/** How long one with an action stays (milliseconds). */
const OFFERED_MS = 30_000;

/** Sentences that come and go. */
export class Notices {
  list: readonly Notice[] = $state([]);
  #next = 0;

  show(text: string, tone: Notice['tone'] = 'plain', action?: NoticeAction): void {
    const id = this.#next++;
    this.list = [...this.list, { id, text, tone, action }].slice(-3);
    after(action === undefined ? SHOWN_MS : OFFERED_MS, () => this.dismiss(id));
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }

  /** A call begins: removes notices about earlier calls, except those with an action. */
  makeWay(): void {
    this.list = this.list.filter(({ action }) => action !== undefined);
  }

  clear(): void {
    this.list = [];
  }
}
