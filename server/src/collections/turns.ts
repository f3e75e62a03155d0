/** Tasks that run one at a time, in the order in which they came; one that fails holds up no other. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();

  /** Runs the task once all earlier ones are over. @returns its result. */
  take<Result>(task: () => Result | Promise<Result>): Promise<Result> {
    const turn = this.#last.then(task);
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when everything that came so far is over. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
