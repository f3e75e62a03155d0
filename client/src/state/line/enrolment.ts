import { terminalApi, type EnrolledTerminal } from '@perch/shared';
import { request, RequestError } from '../../api/request.ts';
import { instanceOf, storeTerminal } from '../../api/terminal-store.ts';
import type { Account } from '../../sip/user-agent.ts';

/** What makes this browser a terminal: its token, and how to connect with it. */
export class Enrolment {
  #terminal: EnrolledTerminal;

  constructor(terminal: EnrolledTerminal) {
    this.#terminal = terminal;
  }

  get number(): string {
    return this.#terminal.number;
  }

  get token(): string {
    return this.#terminal.token;
  }

  /** What a page says of itself to the server before it is told anything: it is this phone of the terminal. */
  get credentials(): { readonly token: string; readonly instance: string } {
    return { token: this.token, instance: `urn:uuid:${instanceOf(this.number)}` };
  }

  get account(): Account {
    const { sip, number, token } = this.#terminal;
    // The server is where this page came from, whatever address it, or an earlier start of it, believes to have.
    const url = new URL('/sip', location.href);
    url.protocol = url.protocol.replace('http', 'ws');
    return { ...sip, url: url.href, number, token, instanceId: instanceOf(number) };
  }

  get iceServers(): RTCIceServer[] {
    return this.#terminal.iceServers.map(({ urls, username, credential }) => ({
      urls,
      ...(username === undefined ? {} : { username }),
      ...(credential === undefined ? {} : { credential }),
    }));
  }

  /** After so many milliseconds TURN's credentials run out; `undefined` where they do not. */
  get iceMs(): number | undefined {
    const { iceSeconds } = this.#terminal;
    return iceSeconds === undefined ? undefined : iceSeconds * 1000;
  }

  /**
   * TURN credentials expire: asks for new ones. `revoked` where the server no longer knows this browser, `suspended` while
   * its extension is.
   */
  async refresh(): Promise<'good' | 'revoked' | 'suspended' | 'unknown'> {
    try {
      const { sip, iceServers, iceSeconds } = await request(terminalApi.terminal, { token: this.token });
      this.#terminal = { ...this.#terminal, sip, iceServers, iceSeconds };
      storeTerminal(this.#terminal);
      return 'good';
    } catch (error) {
      if (!(error instanceof RequestError)) return 'unknown';
      if (error.status === 401) return 'revoked';
      return error.code === 'extension-suspended' ? 'suspended' : 'unknown';
    }
  }
}
