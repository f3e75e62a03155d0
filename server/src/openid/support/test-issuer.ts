import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

/** What an issuer says of the person who signs in. */
export interface Claims {
  readonly email: string;
  readonly email_verified: boolean;
  readonly amr?: readonly string[];
}

export const CLIENT = { id: 'perch', secret: 'north-of-the-river' };

/** The header in which a browser of these tests says who its user is. */
const SUBJECT = 'x-subject';

/** For tests: an OpenID provider on loopback, which believes everyone. */
export class TestIssuer {
  readonly url: URL;
  readonly #server: Server;
  readonly #claims: Map<string, Claims>;

  private constructor(server: Server, url: URL, claims: Map<string, Claims>) {
    this.#server = server;
    this.url = url;
    this.#claims = claims;
  }

  /**
   * @param home where it sends browsers back to: the origin of the server that is tested.
   * @param inToken what its ID tokens say beside the subject.
   */
  static async start(
    home: string,
    callback: string,
    inToken: readonly (keyof Claims)[] = ['amr'],
  ): Promise<TestIssuer> {
    const claims = new Map<string, Claims>();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = new URL(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
    const provider: Provider = new Provider(url.origin, {
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [new URL(callback, home).href],
          post_logout_redirect_uris: [new URL('/admin', home).href],
        },
      ],
      claims: { openid: ['sub', ...inToken], email: ['email', 'email_verified'] },
      pkce: { required: () => true },
      cookies: { keys: ['only-for-tests'] },
      findAccount: (_, id) => ({
        accountId: id,
        claims: () => ({ sub: id, ...claims.get(id) }),
      }),
      features: { devInteractions: { enabled: false } },
      // Everybody has agreed before.
      loadExistingGrant: async ({ oidc: { client, session } }) => {
        const grant = new provider.Grant({ clientId: client?.clientId, accountId: session?.accountId });
        grant.addOIDCScope('openid email');
        await grant.save();
        return grant;
      },
    });
    const handle = provider.callback();
    const signIn = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
      const accountId = String(request.headers[SUBJECT]);
      const amr = claims.get(accountId)?.amr;
      await provider.interactionFinished(request, response, {
        login: { accountId, ...(amr && { amr: [...amr] }) },
      });
    };
    server.on('request', (request, response) => {
      void (request.url?.startsWith('/interaction/') ? signIn : handle)(request, response);
    });
    return new TestIssuer(server, url, claims);
  }

  say(subject: string, claims: Claims): void {
    this.#claims.set(subject, claims);
  }

  /** What a browser does from `url` on until the issuer sends it back: signs in as `subject`. @returns where it is sent. */
  async browse(url: string, subject: string): Promise<URL> {
    const cookies = new Map<string, string>();
    let at = new URL(url);
    while (at.origin === this.url.origin) {
      const cookie = Array.from(cookies, ([name, value]) => `${name}=${value}`).join('; ');
      const response = await fetch(at, { redirect: 'manual', headers: { cookie, [SUBJECT]: subject } });
      for (const set of response.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
        cookies.set(name, value);
      }
      const to = response.headers.get('location');
      if (to === null) throw new Error(`${at.href}: ${await response.text()}`);
      at = new URL(to, at);
    }
    return at;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
