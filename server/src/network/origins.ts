import type { IncomingMessage } from 'node:http';
import { arrivalOf, isOwnOrigin } from './arrival.ts';
import type { Arrival, Surroundings } from './arrival.ts';

/** How many refused origins are reported: anyone can invent more. */
const MOST_SAID = 100;

/** A page of `origin` was refused, because we take `believed` for our own address. */
export type RefusedOrigin = (origin: string, believed: string, sentence: string) => void;

/** Which pages may use this server. Reports each refused origin once, since a browser does not say why it cannot connect. */
export class Origins {
  readonly #surroundings: Surroundings;
  readonly #refused: RefusedOrigin;
  readonly #arrivals = new WeakMap<IncomingMessage, Arrival>();
  readonly #said = new Set<string>();

  constructor(surroundings: Surroundings, refused: RefusedOrigin) {
    this.#surroundings = surroundings;
    this.#refused = refused;
  }

  arrivalOf(request: IncomingMessage): Arrival {
    const known = this.#arrivals.get(request);
    if (known) return known;
    const arrival = arrivalOf(request, this.#surroundings);
    this.#arrivals.set(request, arrival);
    return arrival;
  }

  /** May the page that sends this request use the server? */
  allows(origin: string, request: IncomingMessage): boolean {
    const arrival = this.arrivalOf(request);
    if (isOwnOrigin(origin, arrival, this.#surroundings.publicUrl)) return true;
    const shown = origin.slice(0, 200);
    const key = `${shown} ${arrival.origin}`;
    if (!this.#said.has(key) && this.#said.size < MOST_SAID) {
      this.#said.add(key);
      this.#refused(shown, this.#believed(arrival), this.sentenceFor(shown, request));
    }
    return false;
  }

  /** What is wrong and how to fix it, for the server's operator. */
  sentenceFor(origin: string, request: IncomingMessage): string {
    const believed = this.#believed(this.arrivalOf(request));
    const url = URL.parse(origin);
    const cure =
      url && /^https?:$/.test(url.protocol)
        ? ` If the page's address is right, set PERCH_PUBLIC_URL to ${url.origin} on the server, or PERCH_TRUST_PROXY to the address of the proxy in front of it.`
        : '';
    return `The page comes from ${origin}, but the server believes that it is reached at ${believed}, and takes requests from pages there only.${cure}`;
  }

  #believed(arrival: Arrival): string {
    return this.#surroundings.publicUrl?.origin ?? arrival.origin;
  }
}
