import type {
  CallId,
  DepositReason,
  ExtensionId,
  Party,
  TerminalId,
  Utterance,
  VoicemailEvent,
} from '@perch/shared';
import type { MediaEngine } from '../../media/endpoint.ts';
import type { InboundLeg } from '../../sip/user-agent/leg.ts';
import type { Refusal, Voice } from '../call/ports.ts';
import { announce } from './announcement/announcement.ts';
import type { VirtualizationCenter } from './center/center.ts';
import type { Happened } from '../happenings.ts';
import type { Extension } from '../ports.ts';
import type { WhoIsWhere } from '../terminal-view.ts';
import type { Voicemail } from '../voicemail/voicemail.ts';

interface VoicePorts {
  readonly center: Pick<VirtualizationCenter, 'receive'>;
  readonly voicemail: Pick<Voicemail, 'deposit' | 'retrieve'>;
  readonly where: Pick<WhoIsWhere, 'speaksFor'>;
  readonly engine: MediaEngine;
  readonly happened: Happened;
}

/** The services that answer calls in place of a phone, and say on the pages of the terminal what they say on the phone. */
export class Voices implements Voice {
  readonly #ports: VoicePorts;

  constructor(ports: VoicePorts) {
    this.#ports = ports;
  }

  center(leg: InboundLeg, call: CallId, terminal: TerminalId, number: string | undefined): void {
    const { center, happened } = this.#ports;
    center.receive(leg, terminal, number, (event) =>
      happened({ kind: 'center-event', terminal, call, event }),
    );
  }

  mailbox(
    leg: InboundLeg,
    call: CallId,
    terminal: TerminalId,
    from: Party,
    callee: Extension,
    reason: DepositReason,
  ): void {
    const { voicemail, happened } = this.#ports;
    voicemail.deposit(leg, from, callee, reason, (event) =>
      happened({ kind: 'voicemail-event', terminal, call, event }),
    );
  }

  voicemail(leg: InboundLeg, call: CallId, terminal: TerminalId): void {
    const { voicemail, where } = this.#ports;
    voicemail.retrieve(leg, terminal, this.#shownTo(where.speaksFor(terminal), terminal, call));
  }

  announce(leg: InboundLeg, utterance: Utterance, refusal: Refusal): void {
    void announce(leg, this.#ports, utterance, refusal);
  }

  /** A page never shows what is in the mailbox of an earlier guest: only that the visit is ending. */
  #shownTo(
    speaker: ExtensionId | undefined,
    terminal: TerminalId,
    call: CallId,
  ): (event: VoicemailEvent) => void {
    const { where, happened } = this.#ports;
    return (event) => {
      if (takesLeave(event) || where.speaksFor(terminal) === speaker)
        happened({ kind: 'voicemail-event', terminal, call, event });
    };
  }
}

/** Is this the end of a visit to a mailbox, which any page may show? */
function takesLeave(event: VoicemailEvent): boolean {
  if (event.kind === 'keys') return event.keys.length === 0;
  if (event.kind !== 'prompt') return event.kind === 'closed';
  return event.utterance.some((part) => 'prompt' in part && part.prompt === 'no-longer-here');
}
