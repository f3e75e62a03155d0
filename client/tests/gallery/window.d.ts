/** What a page of the gallery and the test that shows it have of each other. */
interface Window {
  readonly gallery: {
    readonly names: readonly string[];
    /** Shows a scene, instead of the one before it. */
    show(name: string): Promise<void>;
  };
  /** Lets the clock of the page run on by so many milliseconds, with all of its timers. */
  pass(ms: number): Promise<void>;
}
