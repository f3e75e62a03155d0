import { createHmac } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../transport/clock.ts';
import type { FlowId } from '../../transport/flow.ts';

/** A nonce of ours. Later ones have higher sequence numbers. */
interface Nonce {
  readonly text: string;
  readonly sequence: number;
  readonly issuedAt: number;
}

/** What one flow has made of its nonces: `issued` last, and `used` last with its highest count (RFC 7616 §3.4 `nc`). */
export interface NonceMemory {
  readonly issued?: Nonce;
  readonly used?: Nonce & { readonly count: number };
}

/**
 * Nonces that need no memory: time, flow and a MAC over both, so that a flood of challenges allocates nothing, and a
 * nonce seen on one connection is worthless on another.
 */
export interface NonceSource {
  issue(flow: FlowId): Nonce;
  /**
   * Takes note that a nonce was used on a flow for the `count`th time. `undefined` where it may not be: expired, not
   * issued to this flow, older than one used since, or its count did not grow. The client then earns `stale=true`.
   */
  use(flow: FlowId, memory: NonceMemory, nonce: string, count: number): NonceMemory | undefined;
}

const LIFETIME_MS = 10 * 60_000;

export function createNonceSource(secret: KeyObject, clock: Clock): NonceSource {
  let sequence = 0;

  function sign(flow: FlowId, number: string, time: string): string {
    const mac = createHmac('sha256', secret)
      .update(`${String(flow)} ${number} ${time}`)
      .digest('base64url');
    return `${number}.${time}.${mac.slice(0, 22)}`;
  }

  /** The nonce with this text, if it is ours and this flow's. The one issued last is known without computing its MAC again. */
  function recognize(flow: FlowId, { issued, used }: NonceMemory, text: string): Nonce | undefined {
    if (text === used?.text) return used;
    if (text === issued?.text) return issued;
    const [number = '', time = ''] = text.split('.', 2);
    if (sign(flow, number, time) !== text) return undefined;
    return { text, sequence: parseInt(number, 36), issuedAt: parseInt(time, 36) };
  }

  return {
    issue(flow) {
      sequence += 1;
      const issuedAt = Math.floor(clock.monotonic());
      return { text: sign(flow, sequence.toString(36), issuedAt.toString(36)), sequence, issuedAt };
    },
    use(flow, memory, text, count) {
      const nonce = recognize(flow, memory, text);
      if (nonce === undefined || clock.monotonic() - nonce.issuedAt > LIFETIME_MS) return undefined;
      const { used } = memory;
      if (used !== undefined) {
        const grown = nonce.sequence === used.sequence ? count > used.count : nonce.sequence > used.sequence;
        if (!grown) return undefined;
      }
      return { ...memory, used: { ...nonce, count } };
    },
  };
}
