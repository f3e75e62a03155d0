import type { TerminalView } from '@perch/shared';

/** What the server says of Ada's phone while nothing is going on there, but for these changes. */
export const terminalView = (changes: Partial<TerminalView> = {}): TerminalView => ({
  organization: { name: 'Demo', domain: 'demo.test', language: null },
  kind: 'phone',
  owner: { number: '101', name: 'Ada' },
  allowVirtualization: true,
  occupancy: { kind: 'owner' },
  whereabouts: { kind: 'home' },
  registered: true,
  asleep: false,
  lastCheck: null,
  kiosk: false,
  pinLockedUntil: null,
  emergencyNumbers: ['112'],
  language: null,
  ownerLanguage: null,
  doNotDisturb: false,
  forwards: { always: null, busy: null, unanswered: null, unreachable: null },
  recentChange: null,
  stayEnds: null,
  stayEnded: null,
  ...changes,
});
