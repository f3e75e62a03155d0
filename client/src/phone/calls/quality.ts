/** What `getStats` says of the sound that arrives, over the last interval. */
export interface Reception {
  /** 0 to 1. */
  readonly loss: number;
  readonly jitterMs: number;
  readonly roundTripMs: number;
}

export type Quality = 'good' | 'fair' | 'poor';

/** In words: what a listener would say, after the delay and loss impairments of the E-model (ITU-T G.107). */
export function qualityOf({ loss, jitterMs, roundTripMs }: Reception): Quality {
  const delay = roundTripMs / 2 + 2 * jitterMs + 20;
  const delayImpairment = 0.024 * delay + (delay > 177.3 ? 0.11 * (delay - 177.3) : 0);
  const lossImpairment = (95 * loss) / (loss + 0.1);
  const rating = 93.2 - delayImpairment - lossImpairment;
  if (rating >= 80) return 'good';
  return rating >= 65 ? 'fair' : 'poor';
}
