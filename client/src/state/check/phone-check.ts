import type { Phone } from '../phone.svelte.ts';
import { ShiftCheck } from './shift-check.svelte.ts';

/** The check before a shift at that phone. */
export function phoneCheck({ sound, settings, world, connection, word }: Phone): ShiftCheck {
  return new ShiftCheck({
    sound,
    settings,
    world,
    token: connection.token,
    line: () => ({ isReady: connection.health.kind === 'ready', serverIsLate: word.isLate }),
    invite: (number, stream) => connection.invite(number, stream),
    notifications: () => ('Notification' in window ? Notification.permission : 'unsupported'),
  });
}
