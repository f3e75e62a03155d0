/** The layers over the page of a phone, from the top down: a higher one closes or pauses those below it. */
const LAYERS = ['emergency', 'ringing', 'center', 'dialog', 'notice'] as const;
export type Layer = (typeof LAYERS)[number];

/** What the phone itself needs its page for. */
export interface Business {
  /** A call to or from an emergency number, also while it rings. */
  readonly emergency: boolean;
  readonly ringing: boolean;
  /** The Virtualization Center is on the line. */
  readonly atCenter: boolean;
}

/** The topmost layer that the phone itself occupies; `null` where the page is free for dialogs. */
export function takenBy({ emergency, ringing, atCenter }: Business): Layer | null {
  if (emergency) return 'emergency';
  if (ringing) return 'ringing';
  return atCenter ? 'center' : null;
}

/** Is there nothing above it that takes the page? */
export const isOnTop = (layer: Layer, taken: Layer | null): boolean =>
  taken === null || LAYERS.indexOf(layer) < LAYERS.indexOf(taken);
