/** Of the answers to what is asked again and again, which can come in another order: none after one to a later question. */
export class Latest {
  #asked = 0;
  /** The question to which the latest answer has come. */
  #told = 0;

  /** `undefined` where the answer comes too late. Throws as `ask` does, unless a later question has been answered. */
  async answer<T>(ask: () => Promise<T>): Promise<{ readonly value: T } | undefined> {
    const question = ++this.#asked;
    try {
      const value = await ask();
      if (question < this.#told) return undefined;
      this.#told = question;
      return { value };
    } catch (error) {
      if (question < this.#told) return undefined;
      throw error;
    }
  }
}
