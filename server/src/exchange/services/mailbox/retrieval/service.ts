import type { Service as DialledService, TerminalId, VoicemailEvent } from '@perch/shared';
import { journalOfCall } from '../../../failure-of-call.ts';
import type { Happened } from '../../../happenings.ts';
import type { Refusal } from '../../../call/ports.ts';
import type { Line } from '../../dialogue-call.ts';
import { service, type Service } from '../../service.ts';
import { dialogue } from './dialogue.ts';
import { OwnMailbox, type OwnMailboxPorts } from './own-mailbox.ts';
import { Retrieval } from './retrieval.ts';
import type { OwnEvent } from './visit.ts';

const NOBODY_SPEAKS: Refusal = {
  status: 403,
  reason: { protocol: 'SIP', cause: 403, text: 'Nobody speaks here' },
};

type RetrievalRequest = Extract<DialledService, { readonly name: 'voicemail' }>;

export interface RetrievalServicePorts extends OwnMailboxPorts {
  readonly happened: Happened;
}

/** The mailbox of the extension that speaks through the caller's terminal: it listens to its messages. */
export function retrievalService(ports: RetrievalServicePorts): Service<RetrievalRequest> {
  const { where, directory, stays, clock } = ports;
  const lines = new Set<Line<OwnEvent>>();
  /** The extension that speaks through a terminal, where it may listen. */
  const ownerAt = (terminal: TerminalId) => {
    const speaker = where.speaksFor(terminal);
    const owner = speaker === undefined ? undefined : directory.byId(speaker);
    return owner?.suspended === false ? owner : undefined;
  };
  // An extension may have moved, or been suspended or deleted: visits that may not go on say goodbye and end.
  stays.listen(() => {
    for (const line of [...lines]) line.on({ kind: 'standing-changed' });
  });
  return service({
    dialogue,
    refuses: ({ caller }) => (ownerAt(caller.terminal) ? undefined : NOBODY_SPEAKS),
    begin(line: Line<OwnEvent>, { id, caller: { terminal } }) {
      const owner = ownerAt(terminal);
      if (!owner) throw new Error('a visit without an owner was not refused');
      lines.add(line);
      return new Retrieval(line, {
        clock,
        mailbox: new OwnMailbox({ ...ports, journal: journalOfCall(ports.journal, id) }, terminal, owner),
        // A page never shows what is in the mailbox of an earlier guest: only that the visit is ending.
        tell: (event) => {
          if (takesLeave(event) || where.speaksFor(terminal) === owner.id)
            ports.happened({ kind: 'voicemail-event', terminal, call: id, event });
        },
        closed: () => {
          lines.delete(line);
        },
      });
    },
  });
}

/** Is this the end of a visit to a mailbox, which any page may show? */
function takesLeave(event: VoicemailEvent): boolean {
  if (event.kind === 'keys') return event.keys.length === 0;
  if (event.kind !== 'prompt') return event.kind === 'closed';
  return event.utterance.some((part) => 'prompt' in part && part.prompt === 'no-longer-here');
}
