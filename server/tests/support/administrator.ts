import type { DemoOrganization } from './served-organization.ts';

/** A signed-in administrator of the demo, as far as the JSON API goes. */
export class Administrator {
  readonly #url: string;
  /** The session's. */
  readonly cookie: string;

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.cookie = cookie;
  }

  static async signIn({ url, admin }: DemoOrganization): Promise<Administrator> {
    const { email, password } = admin;
    const response = await fetch(`${url}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ email, password }),
    });
    if (!response.ok) throw new Error(`not signed in: ${await response.text()}`);
    return new Administrator(url, response.headers.get('set-cookie')?.split(';')[0] ?? '');
  }

  /** Asks for `PATCH /api/extensions/101` and the like. @throws where that is refused. */
  async ask(operation: string, body?: object): Promise<unknown> {
    const [method, path] = operation.split(' ') as [string, string];
    const response = await fetch(`${this.#url}${path}`, {
      method,
      headers: { cookie: this.cookie, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${operation}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async suspend(number: string, suspended: boolean): Promise<void> {
    await this.ask(`PATCH /api/extensions/${number}`, { suspended });
  }
}
