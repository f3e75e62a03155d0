import { gzipSync } from 'node:zlib';
import { type Attack, type Battle, drained, goesOn, together } from './attack.ts';
import { crowd, dribbling } from './connections.ts';
import { RawConnection } from './raw-connection.ts';

const CHUNK = Buffer.alloc(64 * 1024, 'RIFF');
const BOMB = gzipSync(Buffer.alloc(16 * 1024 * 1024));

const head = (token: string, fields: string): string =>
  `PUT /api/terminal/voicemail/greeting HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer ${token}\r\n` +
  `Content-Type: audio/wav\r\n${fields}\r\n`;

/** Each phone replaces its greeting again and again; what follows the head is sent until the server has answered or closed. */
const uploading = async (battle: Battle, fields: string, chunks: readonly Uint8Array[]): Promise<void> => {
  await together(battle.tokens, async (token) => {
    while (goesOn(battle)) {
      const connection = await RawConnection.open(battle);
      if (connection === undefined) continue;
      battle.tally.sent('upload');
      connection.send(head(token, fields));
      for (let turn = 0; goesOn(battle) && connection.connected; turn++) {
        const chunk = chunks[turn];
        if (chunk !== undefined) connection.send(chunk);
        await drained(connection, battle);
        if (connection.answers > 0) break;
      }
      connection.cut();
    }
  });
};

/** Without an end. */
const endless: readonly Uint8Array[] = Array.from({ length: 10_000 }, () =>
  Buffer.concat([Buffer.from(`${CHUNK.length.toString(16)}\r\n`), CHUNK, Buffer.from('\r\n')]),
);
const largest = 16 * 1024 * 1024;

export const UPLOADS: readonly Attack[] = [
  {
    name: 'upload-largest',
    what: '50 phones send greetings of 16 MB that are no sound, without a pause',
    run: (battle) =>
      uploading(
        battle,
        `Content-Length: ${String(largest)}\r\n`,
        Array.from({ length: largest / CHUNK.length }, () => CHUNK),
      ),
  },
  {
    name: 'upload-endless',
    what: '50 phones send greetings in chunks, without an end',
    run: (battle) => uploading(battle, 'Transfer-Encoding: chunked\r\n', endless),
  },
  {
    name: 'upload-bomb',
    what: '50 phones send greetings that are 16 MB of zeros, compressed',
    run: (battle) =>
      uploading(battle, `Content-Encoding: gzip\r\nContent-Length: ${String(BOMB.length)}\r\n`, [BOMB]),
  },
  {
    name: 'upload-slow',
    what: '500 uploads of 16 MB, one octet at a time',
    run: (battle) =>
      crowd(battle, 500, (connection) =>
        dribbling(
          battle,
          head(battle.tokens[0] ?? '', `Content-Length: ${String(largest)}\r\n`),
          'R',
        )(connection),
      ),
  },
];
