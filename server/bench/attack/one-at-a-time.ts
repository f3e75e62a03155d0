/** Work of which only one is done at a time, in the order in which it was asked for. */
export class OneAtATime {
  #last: Promise<unknown> = Promise.resolve();

  run<Value>(work: () => Promise<Value>): Promise<Value> {
    const mine = this.#last.then(work);
    // The next one begins also where this one fails.
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
