import { createHmac } from 'node:crypto';
import type { Chance } from '../world/chance.ts';

const PREFIX = 'whsec_';
/** Octets of a secret. */
const LENGTH = 32;

/** The scheme of Standard Webhooks 1.0.0: a secret, and what it looks like to people. */
export const newSecret = (chance: Chance): Buffer => chance.bytes(LENGTH);
export const shownSecret = (secret: Buffer): string => PREFIX + secret.toString('base64');

/** What is signed: its id, the seconds since 1970, and its body. */
export interface Signed {
  readonly id: string;
  readonly timestamp: number;
  readonly body: string;
}

/** The header fields of a message: signed with each of the secrets, of which its receiver knows one. PURE. */
export const signatureHeaders = ({ id, timestamp, body }: Signed, secrets: readonly Buffer[]) => ({
  'webhook-id': id,
  'webhook-timestamp': String(timestamp),
  'webhook-signature': secrets
    .map((secret) => {
      const signature = createHmac('sha256', secret).update(`${id}.${String(timestamp)}.${body}`);
      return `v1,${signature.digest('base64')}`;
    })
    .join(' '),
});
