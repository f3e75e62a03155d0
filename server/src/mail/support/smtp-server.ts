import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { SMTPServerOptions } from 'smtp-server';

/** For tests: what an SMTP server was handed. */
export interface Received {
  readonly from: string;
  readonly to: readonly string[];
  /** Head and body, as octets. */
  readonly source: string;
}

/** Refuses at one point of the conversation, with this reply. */
export type Verdict = (text: string) => number | undefined;

export interface SmtpOptions {
  readonly sender?: Verdict;
  readonly recipient?: Verdict;
  /** Asked about the whole mail. */
  readonly data?: Verdict;
  readonly password?: string;
}

const refusal = (code: number | undefined): Error | null =>
  code === undefined ? null : Object.assign(new Error('no'), { responseCode: code });

/** For tests: a mail server on loopback that refuses where it is told to. */
export async function startSmtpServer({ sender, recipient, data, password }: SmtpOptions = {}) {
  const received: Received[] = [];
  const logins: string[] = [];
  let connections = 0;
  const options: SMTPServerOptions = {
    hideSTARTTLS: true,
    authOptional: password === undefined,
    allowInsecureAuth: true,
    onConnect: (_session, callback) => {
      connections++;
      callback();
    },
    onAuth: (auth, _session, callback) => {
      logins.push(`${auth.username}:${auth.password}`);
      if (auth.password === password) callback(null, { user: 'ok' });
      else callback(new Error('wrong'));
    },
    onMailFrom: ({ address }, _session, callback) => callback(refusal(sender?.(address))),
    onRcptTo: ({ address }, _session, callback) => callback(refusal(recipient?.(address))),
    onData: (stream, { envelope }, callback) => {
      buffer(stream).then((octets) => {
        const source = octets.toString('latin1');
        const code = data?.(source);
        if (code === undefined)
          received.push({
            from: envelope.mailFrom ? envelope.mailFrom.address : '',
            to: envelope.rcptTo.map(({ address }) => address),
            source,
          });
        callback(refusal(code));
      }, callback);
    },
  };
  const server = new SMTPServer(options);
  server.on('error', () => undefined); // clients that hang up are part of the tests
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    received,
    logins,
    get connections() {
      return connections;
    },
    address: { host: '127.0.0.1', port, secure: false, account: undefined },
    close: () => new Promise<void>((resolve) => server.close(resolve)),
  };
}
