import { fileURLToPath } from 'node:url';
import { listening, type Server, startServer, unusedPort } from '../pinned-process.ts';

/** A conference's process on the server's core, and the port at which it is joined. */
export interface Room {
  readonly server: Server;
  readonly port: number;
}

export async function startRoom(): Promise<Room> {
  const port = await unusedPort();
  const room = fileURLToPath(new URL('room.ts', import.meta.url));
  const server = startServer(process.execPath, [room], {
    ...process.env,
    NODE_ENV: 'production',
    PORT: String(port),
  });
  await listening(server, port);
  return { server, port };
}
