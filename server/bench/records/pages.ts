import { FIRST_NUMBER } from './fill.ts';

const DAY_MS = 86_400_000;
const SOMEBODY = String(FIRST_NUMBER + 17);

/** A page, and what it asks the server for. */
export type AskedPage = readonly [name: string, path: string];

/** What is known of the organization only once it is there. */
export interface Known {
  /** The noon of its last day. */
  readonly now: number;
  readonly person: string;
}

/** Every list, filter and report that a person can ask for; `pages.test.ts` compares them with the API. */
export const pagesOf = (known: Known): readonly AskedPage[] => [
  ...callPages(known),
  ...stayPages(known),
  ...auditPages(known),
  ...reportPages(known),
  ...extensionPages(),
  ...peoplePages(known),
];

const dayOf = ({ now }: Known): string =>
  `until=${String(now - 200 * DAY_MS)}&from=${String(now - 201 * DAY_MS)}`;

function callPages(known: Known): readonly AskedPage[] {
  const past = dayOf(known);
  return [
    ['calls: the latest', '/api/records'],
    ['calls: two hundred of them', '/api/records?size=200'],
    ['calls: a past day', `/api/records?${past}`],
    ['calls: result', '/api/records?result=declined'],
    ['calls: missed', '/api/records?missed=all'],
    ['calls: missed, not returned', '/api/records?missed=unreturned'],
    ['calls: missed on a past day, busy', `/api/records?missed=all&result=busy&${past}`],
    ['calls: missed, but answered', '/api/records?missed=all&result=answered'],
    ['calls: made on a past day', `/api/records?direction=made&${past}`],
    ['calls: received, declined', '/api/records?direction=received&result=declined'],
    ['calls: of an extension', `/api/records?extension=${SOMEBODY}`],
    [
      'calls: of an extension, made, offline',
      `/api/records?extension=${SOMEBODY}&direction=made&result=offline`,
    ],
    ['calls: of an extension, missed', `/api/records?extension=${SOMEBODY}&missed=unreturned`],
    ['calls: at a desk', `/api/records?station=${SOMEBODY}`],
    ['calls: at a desk, received, busy', `/api/records?station=${SOMEBODY}&direction=received&result=busy`],
    ['why it did not ring', `/api/records/why?extension=${SOMEBODY}&at=${String(known.now - 200 * DAY_MS)}`],
  ];
}

function stayPages(known: Known): readonly AskedPage[] {
  return [
    ['stays: the latest', '/api/desk-stays'],
    ['stays: a past day', `/api/desk-stays?${dayOf(known)}`],
    ['stays: of an extension', `/api/desk-stays?extension=${SOMEBODY}`],
    ['stays: at a desk', `/api/desk-stays?station=${SOMEBODY}`],
    ['stays: of an extension at a desk', `/api/desk-stays?extension=${SOMEBODY}&station=${SOMEBODY}`],
  ];
}

function auditPages(known: Known): readonly AskedPage[] {
  return [
    ['audit: the latest', '/api/audit'],
    ['audit: a later page', '/api/audit?before=5000&size=200'],
    ['audit: a past day', `/api/audit?${dayOf(known)}`],
    ['audit: an action', '/api/audit?action=goHome'],
    ['audit: rare actions', '/api/audit?action=invitePerson,deleteExtension'],
    ['audit: an action on a past day', `/api/audit?action=takeOver&${dayOf(known)}`],
    ['audit: a text', `/api/audit?text=${SOMEBODY}`],
    ['audit: a text that is nowhere', '/api/audit?text=nowhere'],
    ['audit: a text on a past day', `/api/audit?text=${SOMEBODY}&${dayOf(known)}`],
  ];
}

export const YEAR = 'report: a year';

function reportPages({ now }: Known): readonly AskedPage[] {
  const date = (daysAgo: number): string => new Date(now - daysAgo * DAY_MS).toISOString().slice(0, 10);
  const report = (days: number, more = ''): string =>
    `/api/reports?from=${date(days - 1)}&until=${date(0)}&timeZone=Europe/Berlin${more}`;
  const office = '&dayStart=08:30&dayEnd=17:00&weekdays=12345';
  return [
    ['report: today', report(1)],
    ['report: 30 days', report(30)],
    ['report: 90 days', report(90)],
    [YEAR, report(365)],
    ['report: two years', report(730)],
    ['report: a year in Kathmandu', report(365).replace('Europe/Berlin', 'Asia/Kathmandu')],
    ['report: a year, per station', report(365, '&per=station')],
    ['report: a year, per group', report(365, '&per=group')],
    ['report: a year, by missed, last page', report(365, '&sort=missed&skip=4950')],
    ['report: a year, by longest, two hundred rows', report(365, '&sort=longestMs&size=200')],
    ['report: a year, 08:30 to 17:00, Monday to Friday', report(365, office)],
    ['report: a year, 08:30 to 17:00, Monday to Friday, per station', report(365, `${office}&per=station`)],
    ['report: a year, of a group', report(365, '&group=Group%203')],
    ['report: a year, of an extension', report(365, `&extension=${SOMEBODY}`)],
  ];
}

const extensionPages = (): readonly AskedPage[] => [
  ['extensions', '/api/extensions'],
  ['groups', '/api/groups'],
  ['floor', '/api/floor'],
  ['an extension', `/api/extensions/${SOMEBODY}`],
  ['an extension: its browsers and links', `/api/extensions/${SOMEBODY}/enrolments`],
  ['an extension: attempts to move', `/api/extensions/${SOMEBODY}/move-attempts`],
];

const peoplePages = ({ person }: Known): readonly AskedPage[] => [
  ['people', '/api/people'],
  ['webhooks', '/api/webhooks'],
  ['a person: sessions', `/api/people/${person}/sessions`],
  ['a person: tokens', `/api/people/${person}/tokens`],
  ['own sessions', '/api/session/all'],
  ['own tokens', '/api/session/tokens'],
  ['second factor', '/api/session/second-factor'],
  ['sign-in policy', '/api/sign-in-policy'],
  ['limits of stays', '/api/organization/stay-limits'],
  ['retention', '/api/organization/retention'],
  ['language', '/api/organization/language'],
  ['PIN of the stations', '/api/organization/station-pin'],
];

/** Tables as files; that of all calls is measured by itself. */
export const filesOf = (known: Known): readonly AskedPage[] => [
  ...reportPages(known)
    .filter(([name]) => [YEAR, 'report: 30 days'].includes(name))
    .map(([name, path]): AskedPage => [`${name}, as a file`, path.replace('reports', 'reports.csv')]),
  ['extensions, as a file', '/api/extensions.csv'],
  ['stays, as a file', '/api/desk-stays.csv'],
  ['audit, as a file', '/api/audit.csv'],
  ['calls of an extension, as a file', `/api/records.csv?extension=${SOMEBODY}`],
];
