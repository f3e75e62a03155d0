/** What a page of the gallery and the test that shows it have of each other. */
interface Window {
  readonly gallery: {
    readonly names: readonly string[];
    /** Shows a scene, instead of the one before it. */
    show(name: string): Promise<void>;
    /** Says everything in that language; mirrored, from right to left, and scenes that are shown from then on have Hebrew and Arabic names. */
    speak(language: 'en' | 'de' | 'es' | 'fr' | 'ro', isMirrored?: boolean): Promise<void>;
    /** What the page of the scene depends on; of the other tab there is nothing. */
    world(): GalleryWorld | undefined;
  };
  /** Lets the clock of the page run on by so many milliseconds, with all of its timers. */
  pass(ms: number): Promise<void>;
}

/** The far ends of a page's calls, and its clock (`exchange.ts`). */
interface GalleryWorld {
  ring(from: { readonly number: string; readonly name: string }): unknown;
  answerAll(): Promise<void>;
  /** Joins these calls, counted from the oldest, as the page has asked. */
  confer(kept: number, other: number): void;
  completeTransfer(): void;
  /** The server cannot be reached. */
  disconnect(): Promise<void>;
  pass(ms: number): Promise<void>;
  /** What the page has asked of its calls, such as `102: hold`. */
  readonly asked: readonly string[];
}
