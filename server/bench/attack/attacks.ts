import { API_FLOODS } from './api-flood.ts';
import type { Attack } from './attack.ts';
import { CONNECTION_ATTACKS } from './connections.ts';
import { FRAME_ATTACKS } from './frames.ts';
import { INVITE_FLOODS } from './invite-flood.ts';
import { MEDIA_FLOODS } from './media-flood.ts';
import { REGISTRATION_STORMS } from './registration-storm.ts';
import { SILENCES } from './unanswered.ts';
import { UPLOADS } from './uploads.ts';

/** All of them, in the order of the figures. */
export const ATTACKS: readonly Attack[] = [
  ...REGISTRATION_STORMS,
  ...INVITE_FLOODS,
  ...SILENCES,
  ...FRAME_ATTACKS,
  ...CONNECTION_ATTACKS,
  ...UPLOADS,
  ...API_FLOODS,
  ...MEDIA_FLOODS,
];

/** Those of these names. Throws with the names that there are where one is not known. */
export function attacksNamed(names: readonly string[]): readonly Attack[] {
  return names.map((name) => {
    const attack = ATTACKS.find((each) => each.name === name);
    if (attack === undefined)
      throw new Error(`--attack knows ${ATTACKS.map((each) => each.name).join(', ')}`);
    return attack;
  });
}
