import { Misconfigured } from './misconfigured.ts';

/** A TURN server that shares a secret with this one, as coturn does with `use-auth-secret`. */
export interface TurnServer {
  /** Of `turn:` and `turns:`. */
  readonly urls: readonly string[];
  readonly secret: string;
}

const LEAST_SECRET = 16;

/**
 * PERCH_TURN_URLS and PERCH_TURN_SECRET; `undefined` where neither is set.
 * @throws {Misconfigured} with a sentence that never quotes the secret.
 */
export function turnServerOf(urls: string | undefined, secret: string | undefined): TurnServer | undefined {
  if (urls === undefined && secret === undefined) return undefined;
  if (urls === undefined || secret === undefined)
    throw new Misconfigured('PERCH_TURN_URLS and PERCH_TURN_SECRET are set together or not at all.');
  if (secret.length < LEAST_SECRET)
    throw new Misconfigured(
      `PERCH_TURN_SECRET has fewer than ${LEAST_SECRET} characters: anyone who guesses it can relay through your server.`,
    );
  const list = urls
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
  for (const url of list)
    if (!/^turns?:[^/?\s]+(\?transport=(udp|tcp))?$/.test(url))
      throw new Misconfigured(
        `PERCH_TURN_URLS has ${url}, which is no address of a TURN server; it looks like ` +
          'turn:turn.example.org:3478?transport=udp.',
      );
  return { urls: list, secret };
}
