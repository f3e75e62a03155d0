import {
  type CallPart,
  type CallRecord,
  type Party,
  isWithheld,
  type PastCall,
  WITHHELD,
} from '@perch/shared';

/** A call as the history of that extension has it: never more of the other side than its phone was shown. `undefined` where it had no part in it. PURE. */
export function pastCallOf(record: CallRecord, extension: string, isReturned: boolean): PastCall | undefined {
  const part = record.parts.find((each) => each.extension === extension);
  if (part === undefined) return undefined;
  const result = resultOf(record, part);
  const { mailbox, startedAt, endedAt } = record;
  const other = otherSide(record, part);
  const isOfMessage = part.role === 'caller' || mailbox?.number === part.number;
  return {
    ...{ id: record.id, at: startedAt, until: endedAt, result },
    with: other,
    direction: part.role === 'caller' ? 'out' : part.role === 'callee' ? 'in' : 'joined',
    // That it has been returned would say to whom.
    returned: isReturned && !isWithheld(other),
    ms: result === 'answered' ? part.talkMs + part.holdMs + part.waitMs : null,
    desk: part.station,
    transferred: part.transferred,
    messageMs: (isOfMessage && mailbox?.message?.durationMs) || null,
  };
}

function resultOf({ answeredAt }: CallRecord, { role, result }: CallPart): PastCall['result'] {
  switch (role) {
    case 'caller':
      return answeredAt === null ? 'not-reached' : 'answered';
    case 'callee':
      return result === 'handled' || result === null ? 'answered' : result;
    case 'joined':
      return 'answered';
  }
}

function otherSide({ caller, callee, legs, attempts, dialled }: CallRecord, part: CallPart): Party {
  const known = [caller, ...(callee === null ? [] : [callee]), ...legs, ...attempts];
  const other = known.find(({ extension }) => extension !== null && extension === part.other);
  const isHidden = known.some(
    ({ withheld, extension }) =>
      withheld === true &&
      extension !== part.extension &&
      (other === undefined ? part.role !== 'caller' : extension === other.extension),
  );
  if (isHidden) return WITHHELD;
  return other === undefined ? { number: dialled, name: '' } : { number: other.number, name: other.name };
}
