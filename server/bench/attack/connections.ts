import { type Attack, type Battle, drained, goesOn, pause, together } from './attack.ts';
import { RawConnection, UPGRADE } from './raw-connection.ts';

/** How often those who say little say something (milliseconds). */
const DRIBBLE_MS = 250;

/** Keeps so many connections, with new ones for those that are closed, and lets each do the same until the attack is over. */
export async function crowd(
  battle: Battle,
  count: number,
  each: (connection: RawConnection) => Promise<void>,
): Promise<void> {
  await together(Array.from({ length: count }), async () => {
    while (goesOn(battle)) {
      const connection = await RawConnection.open(battle);
      if (connection === undefined) continue;
      try {
        await each(connection);
      } finally {
        connection.cut();
      }
    }
  });
}

/** Sends a beginning, and a little more now and then. */
export const dribbling =
  (battle: Battle, beginning: string, more: string) =>
  async (connection: RawConnection): Promise<void> => {
    connection.send(beginning);
    while (goesOn(battle) && connection.connected) {
      await pause(DRIBBLE_MS);
      if (more === '') continue;
      battle.tally.sent('piece');
      connection.send(more);
    }
  };

/** Asks without a pause and takes no answer. */
const neverReading =
  (battle: Battle) =>
  async (connection: RawConnection): Promise<void> => {
    connection.stopReading();
    while (goesOn(battle) && connection.connected) {
      battle.tally.sent('GET', 50);
      connection.send('GET /admin HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50));
      await drained(connection, battle);
    }
  };

const BODY =
  'POST /api/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{';

export const CONNECTION_ATTACKS: readonly Attack[] = [
  {
    name: 'half-open',
    what: '4,000 TCP connections on which nothing is said, new ones for those that are closed',
    run: (battle) => crowd(battle, 4_000, dribbling(battle, '', '')),
  },
  {
    name: 'half-upgraded',
    what: '4,000 WebSocket handshakes that are never finished',
    run: (battle) => crowd(battle, 4_000, dribbling(battle, UPGRADE.slice(0, -2), '')),
  },
  {
    name: 'strangers',
    what: '4,000 WebSockets for SIP on which nobody registers',
    run: (battle) => crowd(battle, 4_000, dribbling(battle, UPGRADE, '')),
  },
  {
    name: 'slow-headers',
    what: '1,000 HTTP requests, a header at a time',
    run: (battle) =>
      crowd(battle, 1_000, dribbling(battle, 'GET / HTTP/1.1\r\nHost: localhost\r\n', 'X: y\r\n')),
  },
  {
    name: 'slow-bodies',
    what: '1,000 HTTP requests with 60,000 octets of body, one at a time',
    run: (battle) => crowd(battle, 1_000, dribbling(battle, BODY, ' ')),
  },
  {
    name: 'never-reading',
    what: '100 connections that ask for a page without a pause and take no answer',
    run: (battle) => crowd(battle, 100, neverReading(battle)),
  },
];
