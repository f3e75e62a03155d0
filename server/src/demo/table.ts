import { digitsFor, FEATURE_CODES } from '@perch/shared';
import type { Demo } from './furnish.ts';

/** The links and secrets of the demo, to be read and clicked in a terminal. */
export function tableOf({ url, sip, admin, extensions, stations }: Demo): string {
  const people = extensions.map(({ number, name, secretCode, voicemailPin, phoneUrl }) =>
    row(number, name, `code ${secretCode}, PIN ${voicemailPin}`, phoneUrl),
  );
  const desks = stations.map(({ number, name, allowVirtualization, stationUrl }) =>
    row(number, name, allowVirtualization ? '' : 'not allowed', stationUrl),
  );
  const credentials = [...extensions, ...stations].map(({ number, sip: { password } }) =>
    row(number, '', '', password),
  );
  const takeOver = digitsFor({ name: 'center', number: '101' });
  return [
    `Perch listens on ${url}`,
    '',
    `Stations: open one, dial ${takeOver} there, give the code, and it is Ada’s phone.`,
    ...desks,
    '',
    `Personal phones: each link makes the browser that opens it that phone. The PIN opens its voicemail elsewhere (${FEATURE_CODES.voicemail}).`,
    ...people,
    '',
    'Management',
    row('', admin.email, admin.password, admin.url),
    '',
    `Any SIP client: ${sip.url}, domain ${sip.domain}, user and password`,
    ...credentials,
    '',
  ].join('\n');
}

const row = (number: string, name: string, note: string, link: string): string =>
  `  ${number.padEnd(5)}${name.padEnd(22)}${note.padEnd(22)}${link}`;
