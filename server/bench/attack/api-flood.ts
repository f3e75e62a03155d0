import { type Attack, type Battle, drained, goesOn } from './attack.ts';
import { crowd } from './connections.ts';
import type { RawConnection } from './raw-connection.ts';

/** Requests on a connection that are sent before their answers are waited for. */
const AT_ONCE = 4;
const CONNECTIONS = 50;

async function answered(connection: RawConnection, asked: number, battle: Battle): Promise<void> {
  while (connection.answers < asked && connection.connected && goesOn(battle))
    await drained(connection, battle);
}

/** The same requests in turn, without a pause. */
const asking = (battle: Battle, requests: readonly string[]): Promise<void> =>
  crowd(battle, CONNECTIONS, async (connection) => {
    let asked = 0;
    while (goesOn(battle) && connection.connected) {
      for (let count = 0; count < AT_ONCE; count++)
        connection.send(requests[asked++ % requests.length] ?? '');
      battle.tally.sent('request', AT_ONCE);
      await answered(connection, asked, battle);
    }
  });

const get = (path: string, fields = ''): string => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${fields}\r\n`;
const signIn = JSON.stringify({ email: 'bench@perch.test', password: 'wrong' });
const post = (path: string, body: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${String(body.length)}\r\n\r\n${body}`;

export const API_FLOODS: readonly Attack[] = [
  {
    name: 'api-strangers',
    what: `pages, lists and sign-ins without a session, on ${String(CONNECTIONS)} connections without a pause`,
    run: (battle) =>
      asking(battle, [
        get('/admin'),
        get('/api/extensions'),
        get('/api/records.csv'),
        post('/api/session', signIn),
        get('/nothing'),
      ]),
  },
  {
    name: 'api-phones',
    what: `what a phone's page may ask, on ${String(CONNECTIONS)} connections of phones without a pause`,
    run: (battle) => {
      const known = `Authorization: Bearer ${battle.tokens[0] ?? ''}\r\n`;
      return asking(battle, [get('/api/terminal', known), get('/api/terminal/voicemail', known)]);
    },
  },
];
