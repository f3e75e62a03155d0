import { fileURLToPath } from 'node:url';
import type { Peer } from '../peer.ts';
import { listening, startServer, unusedPort } from '../pinned-process.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** The lower bound for any WebSocket server on Node: the same frames and nothing else. */
export async function startBare(): Promise<Peer> {
  const port = await unusedPort();
  const preload = new URL('../collect-garbage-on-signal.ts', import.meta.url).href;
  const server = startServer(process.execPath, ['--expose-gc', '--import', preload, MAIN], {
    ...process.env,
    NODE_ENV: 'production',
    BENCH_PORT: String(port),
  });
  await listening(server, port);
  return {
    server,
    target: {
      pid: server.pid,
      host: '127.0.0.1',
      port,
      path: '/sip',
      domain: 'bench.test',
      authenticatedFlows: false,
    },
    collectGarbage: () => server.signal('SIGUSR2'),
    end: () => server.end(),
  };
}
