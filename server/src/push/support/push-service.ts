import { once } from 'node:events';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  hkdfSync,
  randomBytes,
  verify,
} from 'node:crypto';
import { CERTIFICATE, KEY } from '../../config/support/certificate.ts';

/** What a push service was handed, as the browser reads it. */
export interface ReceivedPush {
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** The claims that the sender has signed (RFC 8292 §2). */
  readonly claims: { readonly aud: string; readonly sub: string; readonly exp: number };
}

/** For tests: a browser that takes push messages: its keys, and how it reads a message (RFC 8291, RFC 8188). */
export class PushedBrowser {
  readonly #keys: ECDH;
  readonly #auth: Buffer;

  constructor(keys = newKeys(), auth = randomBytes(16)) {
    this.#keys = keys;
    this.#auth = auth;
  }

  get keys(): { readonly p256dh: string; readonly auth: string } {
    return { p256dh: this.#keys.getPublicKey('base64url'), auth: this.#auth.toString('base64url') };
  }

  /** @throws where the message is for another browser, or was changed. */
  read(body: Buffer): string {
    const salt = body.subarray(0, 16);
    const keyLength = body[20] ?? 0;
    const sender = body.subarray(21, 21 + keyLength);
    const sealed = body.subarray(21 + keyLength);
    const shared = this.#keys.computeSecret(sender);
    const info = Buffer.concat([Buffer.from('WebPush: info\0'), this.#keys.getPublicKey(), sender]);
    const secret = Buffer.from(hkdfSync('sha256', shared, this.#auth, info, 32));
    const derived = (what: string, length: number) =>
      Buffer.from(hkdfSync('sha256', secret, salt, Buffer.from(`Content-Encoding: ${what}\0`), length));
    const opener = createDecipheriv('aes-128-gcm', derived('aes128gcm', 16), derived('nonce', 12));
    opener.setAuthTag(sealed.subarray(-16));
    const record = Buffer.concat([opener.update(sealed.subarray(0, -16)), opener.final()]);
    // Behind the text: the delimiter of the last record, then padding.
    const end = record.findLastIndex((octet) => octet !== 0);
    if (record[end] !== 2) throw new Error('this is not the last record');
    return record.subarray(0, end).toString();
  }
}

function newKeys(): ECDH {
  const keys = createECDH('prime256v1');
  keys.generateKeys();
  return keys;
}

/** For tests: the push service of one browser, on loopback, which answers with the status that it is told to. */
export class PushService {
  status = 201;
  readonly browser = new PushedBrowser();
  readonly received: ReceivedPush[] = [];
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<PushService> {
    const server = createServer({ cert: CERTIFICATE, key: KEY });
    const service = new PushService(server);
    server.on('request', (request, response) => {
      void buffer(request).then((body) => {
        const { headers } = request;
        service.received.push({
          text: service.browser.read(body),
          headers,
          claims: claimsIn(headers.authorization),
        });
        response.writeHead(service.status, { location: `${service.endpoint}/elsewhere` }).end();
      });
    });
    server.listen(0, 'localhost');
    await once(server, 'listening');
    return service;
  }

  get endpoint(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}/push/of-ada`;
  }

  get subscription(): { readonly endpoint: string; readonly p256dh: string; readonly auth: string } {
    return { endpoint: this.endpoint, ...this.browser.keys };
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** @throws where they were not signed with the key that they come with. */
function claimsIn(authorization = ''): ReceivedPush['claims'] {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(\S+)$/.exec(authorization) ?? [];
  const [head = '', claims = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const [x = '', y = ''] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  );
  const publicKey = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error('not signed with that key');
  return JSON.parse(Buffer.from(claims, 'base64url').toString()) as ReceivedPush['claims'];
}
