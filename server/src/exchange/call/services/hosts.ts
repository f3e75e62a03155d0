import type { MediaEndpoint, MediaEngine } from '../../../media/endpoint.ts';
import type { Effect, Event, State } from '../machines/call-state.ts';
import type { LegId } from '../machines/fork.ts';
import { isSide } from '../machines/sides.ts';

/** The server's answers to phones of a call whose other side is away: silence, until the two have sound of each other. */
export class Hosts {
  readonly #engine: Pick<MediaEngine, 'endpoint'>;
  readonly #call: { handle(event: Event): void };
  readonly #endpoints = new Map<LegId, MediaEndpoint>();

  constructor(engine: Pick<MediaEngine, 'endpoint'>, call: { handle(event: Event): void }) {
    this.#engine = engine;
    this.#call = call;
  }

  /** Answers the offer of that leg; the call is told. */
  host({ leg, sdp }: Extract<Effect, { readonly kind: 'host' }>): void {
    this.#endpoints.get(leg)?.close();
    const endpoint = this.#engine.endpoint();
    this.#endpoints.set(leg, endpoint);
    void endpoint
      .answer(sdp)
      .catch(() => null)
      .then((answer) => {
        this.#call.handle({ kind: 'hosted', leg, answer });
      });
  }

  /** Those that the call no longer needs are closed. */
  tidy(state: State): void {
    for (const [leg, endpoint] of this.#endpoints) {
      if (needs(state, leg)) continue;
      endpoint.close();
      this.#endpoints.delete(leg);
    }
  }
}

const needs = (state: State, leg: LegId): boolean =>
  state.kind === 'talking' &&
  ((state.exchange.kind === 'hosting' && state.exchange.source === leg) ||
    (state.apart && isSide(state, leg)));
