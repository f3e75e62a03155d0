/** What `npm run demo -- --json` prints once the server listens. */
export interface DemoOrganization {
  readonly url: string;
  readonly sip: { readonly url: string; readonly domain: string };
  readonly admin: { readonly url: string; readonly email: string; readonly password: string };
  readonly extensions: readonly (DemoExtension & { readonly phoneUrl: string })[];
  readonly stations: readonly (DemoExtension & { readonly stationUrl: string })[];
}

export interface DemoExtension {
  readonly number: string;
  readonly name: string;
  readonly secretCode: string | null;
  readonly voicemailPin: string | null;
  readonly allowVirtualization: boolean;
  readonly sip: { readonly username: string; readonly password: string };
}

/** An organization like the demo's that is served, and what tests do with it. */
export abstract class ServedOrganization {
  abstract get organization(): DemoOrganization;

  /** The extension or station of that number. */
  line(number: string): DemoExtension & { readonly url: string } {
    for (const { phoneUrl, ...extension } of this.organization.extensions) {
      if (extension.number === number) return { ...extension, url: phoneUrl };
    }
    for (const { stationUrl, ...station } of this.organization.stations) {
      if (station.number === number) return { ...station, url: stationUrl };
    }
    throw new Error(`the demo has no ${number}`);
  }

  /** One more extension, with credentials for a SIP client, made as an administrator makes it. */
  async addExtension(number: string, name: string): Promise<DemoExtension> {
    const settings = { number, name, kind: 'person', allowVirtualization: false };
    await this.administer('POST', '/api/extensions', settings);
    const credentials = await this.administer('POST', `/api/extensions/${number}/sip-credentials`);
    const sip = (await credentials.json()) as DemoExtension['sip'];
    return { number, name, secretCode: null, voicemailPin: null, allowVirtualization: false, sip };
  }

  /** One request of the administrator's. Throws with the problem where it is refused. */
  async administer(method: 'POST' | 'PATCH', path: string, body?: object): Promise<Response> {
    const { email, password } = this.organization.admin;
    const signedIn = await this.#send('POST', '/api/session', { email, password });
    const cookie = signedIn.headers.getSetCookie().map((set) => set.slice(0, set.indexOf(';')));
    return this.#send(method, path, body, cookie);
  }

  async #send(
    method: string,
    path: string,
    body: object | undefined,
    cookie: readonly string[] = [],
  ): Promise<Response> {
    const response = await fetch(this.organization.url + path, {
      method,
      headers: { cookie: cookie.join('; '), ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${await response.text()}`);
    return response;
  }
}
