import type { ExtensionView, FloorLine, Guessing, MessageCounts, TerminalView } from '@perch/shared';
import type { Extension } from '../ports.ts';

/** Where an extension is, and what its home terminal is doing. */
type Place = Pick<TerminalView, 'registered' | 'asleep' | 'lastCheck' | 'whereabouts' | 'occupancy'>;

const AT_HOME: Place = {
  registered: false,
  asleep: false,
  lastCheck: null,
  whereabouts: { kind: 'home' },
  occupancy: { kind: 'owner' },
};

/** An extension as the floor shows it. PURE. */
export function floorLineOf(extension: Extension, guessing: Guessing, place: Place = AT_HOME): FloorLine {
  const { number, name, kind, group, allowVirtualization, hasSecretCode, suspended } = extension;
  const { registered, asleep, lastCheck, whereabouts, occupancy } = place;
  return {
    number,
    name,
    kind,
    group,
    allowVirtualization,
    hasSecretCode,
    suspended,
    registered,
    asleep,
    lastCheck,
    whereabouts,
    occupancy,
    guessing,
  };
}

/** An extension as administrators see it. PURE. */
export function extensionViewOf(
  { hasVoicemailPin, voicemailMail }: Extension,
  line: FloorLine,
  voicemail: MessageCounts,
): ExtensionView {
  return { ...line, hasVoicemailPin, voicemailMail, voicemail };
}
