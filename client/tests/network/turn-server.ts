import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { unusedPort } from '../../../server/tests/support/demo-server.ts';
import { coturnPath } from '../support/programs.ts';

const SECRET = 'only-known-to-these-tests';

/** A TURN server on this machine: coturn, which shares a secret with Perch. */
export class TurnServer {
  readonly port: number;
  /** With this environment Perch gives its browsers this server. */
  readonly environment: Readonly<Record<string, string>>;
  readonly #end: () => Promise<void>;

  private constructor(address: string, port: number, end: () => Promise<void>) {
    this.port = port;
    this.environment = {
      PERCH_TURN_URLS: `turn:${address}:${String(port)}?transport=udp`,
      PERCH_TURN_SECRET: SECRET,
    };
    this.#end = end;
  }

  static async start(address: string): Promise<TurnServer> {
    const port = await unusedPort();
    const program = spawn(
      coturnPath ?? '',
      [
        '-n',
        `--listening-ip=${address}`,
        `--relay-ip=${address}`,
        `--listening-port=${String(port)}`,
        '--use-auth-secret',
        `--static-auth-secret=${SECRET}`,
        '--realm=perch.test',
        '--no-tls',
        '--no-dtls',
        '--no-stdout-log',
        '--pidfile=/dev/null',
      ],
      { stdio: 'ignore' },
    );
    const ended = once(program, 'exit');
    await Promise.race([
      answering(address, port),
      ended.then(() => Promise.reject(new Error('coturn does not start'))),
    ]);
    return new TurnServer(address, port, async () => {
      program.kill();
      await ended;
    });
  }

  async stop(): Promise<void> {
    await this.#end();
  }
}

/** A Binding request of STUN (RFC 8489 §5). */
const BINDING = Buffer.from([0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...Array<number>(12).fill(7)]);

/** Resolves once a STUN server answers there. */
async function answering(address: string, port: number): Promise<void> {
  const socket = createSocket('udp4');
  const asking = setInterval(() => socket.send(BINDING, port, address), 50);
  await once(socket, 'message');
  clearInterval(asking);
  socket.close();
}
