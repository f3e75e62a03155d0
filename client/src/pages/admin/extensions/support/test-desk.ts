import { type ExtensionView, NO_FORWARDS } from '@perch/shared';

/** A desk as management knows it. */
export const DESK: ExtensionView = {
  ...{ number: '201', name: 'Front desk', kind: 'station', group: null, place: null, callBack: null },
  language: null,
  ...{ plan: null, doNotDisturb: false, forwards: NO_FORWARDS, allowVirtualization: true, suspended: false },
  ...{ hasSecretCode: false, hasVoicemailPin: false, voicemailMail: null, voicemail: { new: 0, heard: 0 } },
  ...{ faults: [], registered: true, asleep: false, lastCheck: null, page: null, lostAt: null, call: null },
  ...{
    whereabouts: { kind: 'home' },
    occupancy: { kind: 'owner' },
    stayEnds: null,
    stayEnded: null,
    pinLockedUntil: null,
  },
  guessing: { wrongAt: [], lockedUntil: null, terminalLockedUntil: null },
  stayLimits: null,
  kiosk: true,
};
