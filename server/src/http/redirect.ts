/** An answer that sends the browser elsewhere. */
export class Redirect {
  /** An address, or the path of a page of ours. */
  readonly to: string;

  constructor(to: string) {
    this.to = to;
  }
}
