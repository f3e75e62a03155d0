import type { AttemptResult } from '@perch/shared';
import type { HeaderField } from '../../../sip/message/message.ts';
import type { Hop } from '../ringing/destination.ts';

/** Why a call went on, as RFC 5806 §4.1 says it, and as the status that the phone would have been answered with (RFC 7044 §5). */
const WHY: Readonly<Partial<Record<AttemptResult, readonly [reason: string, status: number]>>> = {
  busy: ['user-busy', 486],
  'no-answer': ['no-answer', 408],
  forwarded: ['unconditional', 302],
};
const UNREACHABLE = ['unavailable', 480] as const;

/**
 * What a phone is told of a call that has come by way of others: Diversion, the latest first (RFC 5806), and History-Info, from the number that was
 * dialled to the one that rings (RFC 7044). Empty where it has come at once.
 */
export function diversionFields(
  hops: readonly Pick<Hop, 'extension' | 'result' | 'to'>[],
  domain: string,
): HeaderField[] {
  if (hops.length === 0) return [];
  const gone = hops.filter(({ to }) => to !== null);
  const address = (number: string) => `sip:${number}@${domain}`;
  const diversions = gone.map(({ extension, result }): HeaderField => {
    const [reason] = WHY[result] ?? UNREACHABLE;
    return ['Diversion', `<${address(extension.number)}>;reason=${reason};counter=1`];
  });
  const history = gone.map(({ extension, result }, at): HeaderField => {
    const [, status] = WHY[result] ?? UNREACHABLE;
    const uri = `${address(extension.number)}?Reason=SIP%3Bcause%3D${status}`;
    return ['History-Info', `<${uri}>;index=${indexAt(at)}${at === 0 ? '' : `;mp=${indexAt(at - 1)}`}`];
  });
  const rung = gone.at(-1)?.to ?? null;
  if (rung === null) return [];
  const rings = `<${address(rung)}>;index=${indexAt(gone.length)};mp=${indexAt(gone.length - 1)}`;
  return [...diversions.reverse(), ...history, ['History-Info', rings]];
}

/** Each entry comes from the one before: 1, 1.1, 1.1.1 (RFC 7044 §10.3). */
const indexAt = (depth: number): string =>
  Array<number>(depth + 1)
    .fill(1)
    .join('.');
