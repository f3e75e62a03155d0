import type { CallPart, CallRecord } from '@perch/shared';
import type { CallFilter, Span } from './ports.ts';

/** Is it of that time? */
const isDuring = ({ from = -Infinity, until = Infinity }: Span, at: number): boolean =>
  at >= from && at < until;

/**
 * Is that call one of those asked for? What is asked of extensions holds for one and the same of them. `isReturned`: have the two talked
 * since?
 */
export function isCallFor(
  filter: CallFilter,
  call: CallRecord,
  isReturned: (part: CallPart) => boolean,
): boolean {
  const { extensions, terminal, direction, inHistory, result, missed } = filter;
  const isPartFor = (part: CallPart): boolean =>
    (extensions === undefined || extensions.some((extension) => extension === part.extension)) &&
    (terminal === undefined || part.terminal === terminal) &&
    (direction === undefined || (direction === 'made') === (part.role === 'caller')) &&
    (inHistory === undefined || isInHistory(part)) &&
    (missed === undefined || part.result === 'missed') &&
    (missed !== 'unreturned' || !isReturned(part));
  return (
    isDuring(filter, call.startedAt) &&
    (result === undefined || call.result === result) &&
    call.parts.some(isPartFor)
  );
}

const isInHistory = ({ role, result, other }: CallPart): boolean =>
  role === 'caller' || (role === 'callee' ? result !== null : other !== null);
