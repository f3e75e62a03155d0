import type { ExtensionView, FloorLine, MessageCounts, TerminalView } from '@perch/shared';
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
export function floorLineOf(extension: Extension, place: Place = AT_HOME): FloorLine {
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
  };
}

/** An extension as administrators see it. PURE. */
export function extensionViewOf(
  extension: Extension,
  place: Place | undefined,
  voicemail: MessageCounts,
): ExtensionView {
  const { hasVoicemailPin, voicemailMail } = extension;
  return { ...floorLineOf(extension, place), hasVoicemailPin, voicemailMail, voicemail };
}
