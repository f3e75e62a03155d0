import { createHash } from 'node:crypto';
import type { DigestSecrets } from '../exchange/contract/extensions.ts';

/** What is kept instead of the password (RFC 7616 §3.4.2). */
export function digestSecrets(username: string, realm: string, password: string): DigestSecrets {
  const text = `${username}:${realm}:${password}`;
  return {
    ha1Md5: createHash('md5').update(text).digest('hex'),
    ha1Sha256: createHash('sha256').update(text).digest('hex'),
  };
}
