import { type Action, topicName } from '@perch/shared';

/** What of management an address shows. */
export type Place =
  | {
      readonly kind:
        | 'floor'
        | 'wall'
        | 'plan'
        | 'records'
        | 'stays'
        | 'why'
        | 'ladders'
        | 'reports'
        | 'people'
        | 'audit'
        | 'organization'
        | 'personal-data'
        | 'webhooks'
        | 'organizations';
    }
  | { readonly kind: 'ladder'; readonly id: string }
  | { readonly kind: 'extensions' }
  | { readonly kind: 'extension'; readonly number: string };

const ROOMS = ['reports', 'people', 'audit', 'organization', 'organizations'] as const;

/** The id of a call, or of a leg that belongs to none. */
const LADDER = /^[\w-]{1,36}$/;

/** The place at the path of a URL; `undefined` where there is none, also for what cannot be the number of an extension. */
export function placeAt(path: string): Place | undefined {
  const [room, number, ...more] = path
    .split('/')
    .filter((part) => part !== '')
    .slice(1);
  if (room === undefined) return { kind: 'floor' };
  if (room === 'floor' && (number === 'wall' || number === 'plan') && more.length === 0)
    return { kind: number };
  const alone = ROOMS.find((one) => one === room);
  if (alone !== undefined && number === undefined) return { kind: alone };
  if (room === 'organization' && more.length === 0 && (number === 'personal-data' || number === 'webhooks'))
    return { kind: number };
  if (room === 'calls' && number === undefined) return { kind: 'records' };
  if (room === 'calls' && more.length === 0 && (number === 'stays' || number === 'why'))
    return { kind: number };
  if (room === 'calls' && number === 'sip') {
    const [id, ...further] = more;
    if (id === undefined) return { kind: 'ladders' };
    return LADDER.test(id) && further.length === 0 ? { kind: 'ladder', id } : undefined;
  }
  if (room !== 'extensions' || more.length > 0) return undefined;
  if (number === undefined) return { kind: 'extensions' };
  // The server lets no page stay that asks for anything else.
  return topicName.safeParse(`extension/${number}`).success ? { kind: 'extension', number } : undefined;
}

/** What somebody must be allowed to do for a place to be there for them. Nobody is shown the half of a page that answers no question. */
export const PLACE_ACTIONS: Readonly<Record<Place['kind'], Action>> = {
  floor: 'view-floor',
  wall: 'view-floor',
  plan: 'view-floor',
  extensions: 'view-floor',
  extension: 'view-extensions',
  records: 'view-records',
  stays: 'view-records',
  why: 'view-records',
  ladders: 'view-signalling',
  ladder: 'view-signalling',
  reports: 'view-statistics',
  people: 'manage-people',
  audit: 'view-audit',
  organization: 'change-organization',
  'personal-data': 'manage-personal-data',
  webhooks: 'manage-webhooks',
  organizations: 'manage-organizations',
};
