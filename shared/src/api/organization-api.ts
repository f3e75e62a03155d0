import * as z from 'zod/mini';
import { language } from '../languages.ts';
import { retention } from '../management/retention.ts';
import { stayLimits } from '../stay-limits.ts';
import type { Endpoint } from './api-endpoint.ts';
import { newStationPin, stationPinState } from './api-values.ts';

const ownLanguage = z.object({ language: z.nullable(language) });

/** What holds for everyone in an organization. */
export const organizationApi = {
  language: {
    method: 'GET',
    path: '/api/organization/language',
    access: 'change-organization',
    summary: 'The language of all in the organization who have none of their own.',
    response: ownLanguage,
  },
  changeLanguage: {
    method: 'PUT',
    path: '/api/organization/language',
    access: 'change-organization',
    summary: 'Sets it; `null` for what each browser says.',
    body: ownLanguage,
  },
  stayLimits: {
    method: 'GET',
    path: '/api/organization/stay-limits',
    access: 'change-organization',
    summary: 'What ends stays at the desks of the organization by itself.',
    response: stayLimits,
  },
  changeStayLimits: {
    method: 'PUT',
    path: '/api/organization/stay-limits',
    access: 'change-organization',
    summary: 'Sets what ends stays by itself; also for those that have begun. Guests are warned first.',
    body: stayLimits,
  },
  retention: {
    method: 'GET',
    path: '/api/organization/retention',
    access: 'change-organization',
    summary: 'How long records, voicemail and the audit of the organization are kept.',
    response: retention,
  },
  changeRetention: {
    method: 'PUT',
    path: '/api/organization/retention',
    access: 'change-organization',
    summary: 'Sets how long they are kept. What is older is deleted in the following night, for good.',
    body: retention,
  },
  stationPin: {
    method: 'GET',
    path: '/api/organization/station-pin',
    access: 'change-organization',
    summary:
      'Do the stations of the organization have a PIN, and are thereby in kiosk mode? And where is none taken, as too many were wrong?',
    response: stationPinState,
  },
  setStationPin: {
    method: 'PUT',
    path: '/api/organization/station-pin',
    access: 'change-organization',
    summary: 'Sets or replaces the PIN of the stations: without it nobody leaves their kiosk mode.',
    body: newStationPin,
  },
  removeStationPin: {
    method: 'DELETE',
    path: '/api/organization/station-pin',
    access: 'change-organization',
    summary: 'Ends the kiosk mode of the stations.',
  },
  liftStationPinLocks: {
    method: 'DELETE',
    path: '/api/organization/station-pin/locks',
    access: 'change-organization',
    summary: 'Forgives the wrong PINs, so that all stations take one again.',
  },
} as const satisfies Record<string, Endpoint>;
