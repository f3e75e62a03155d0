import { responseTo } from '../message/build.ts';
import type { SipRequest } from '../message/message.ts';
import type { Flow } from '../transport/flow.ts';
import { viaLinesWithSource } from './via-source.ts';
import type { OutgoingResponse } from './transaction-layer.ts';

/** Writes the responses to one request, all with the same Via and, where the user gives none, the same To tag (RFC 3261 §8.2.6.2). */
export class Responder {
  readonly request: SipRequest;
  readonly flow: Flow;
  readonly #newTag: () => string;
  #via: string | undefined;
  #toTag: string | undefined;

  constructor(request: SipRequest, flow: Flow, newTag: () => string) {
    this.request = request;
    this.flow = flow;
    this.#newTag = newTag;
  }

  /** The To tag of the last response, or the one that the next will have. */
  get toTag(): string {
    return (this.#toTag ??= this.#newTag());
  }

  /** A 100 needs no tag; every other response has one. */
  write(response: OutgoingResponse): string {
    this.#via ??= viaLinesWithSource(this.request, this.flow);
    if (response.toTag !== undefined) this.#toTag = response.toTag;
    if (
      response.status === 100 ||
      response.toTag !== undefined ||
      this.request.essentials.to.tag !== undefined
    ) {
      return responseTo(this.request, response, this.#via);
    }
    return responseTo(this.request, { ...response, toTag: this.toTag }, this.#via);
  }
}
