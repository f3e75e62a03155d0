import { WebSocket } from 'ws';
import { Administrator } from '../support/administrator.ts';
import type { Stage } from '../support/fixtures.ts';
import type { GuardName } from './guards.ts';
import type { Lie } from './lie.ts';

const ELSEWHERE = 'https://elsewhere.example';

interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** Every operation of the API that changes something, sent as a page of another site would send it. Resolves with whether one was let through. */
async function changes(on: Stage, headers: Readonly<Record<string, string>>): Promise<boolean> {
  const { url } = on.server.organization;
  const { cookie } = await Administrator.signIn(on.server.organization);
  const described = await fetch(`${url}/api/openapi.json`, { headers: { cookie } });
  const { paths } = (await described.json()) as Description;
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => [method.toUpperCase(), path.replaceAll(/\{\w+\}/g, '101')] as const),
  );
  const changing = operations.filter(([method]) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
  if (changing.length < 40) throw new Error('the description of the API has been misread');
  const answers = await Promise.all(
    changing.map(async ([method, path]) => {
      const answer = await fetch(url + path, { method, headers });
      return answer.status === 403 && (await answer.text()).includes('cross-origin');
    }),
  );
  return answers.includes(false);
}

/** Can a page of another site open this socket with the cookie of somebody who is signed in? */
async function opens(on: Stage, path: string, protocols: string[]): Promise<boolean> {
  const { url } = on.server.organization;
  const { cookie } = await Administrator.signIn(on.server.organization);
  const socket = new WebSocket(url.replace('http', 'ws') + path, protocols, {
    headers: { origin: ELSEWHERE, cookie },
  });
  const opened = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.terminate();
  return opened;
}

/** Does the page lack a header that says this? */
const lacks = (name: string, guards: readonly GuardName[], says: (headers: Headers) => boolean): Lie => ({
  name,
  guards,
  works: async (on) => !says((await fetch(on.server.organization.url)).headers),
});

const policyOf = (headers: Headers): string => headers.get('content-security-policy') ?? '';

/** What each says of scripts: of files, of `<script>` and of attributes such as `onclick` (CSP 3 §6.1.10 to §6.1.12). */
const SCRIPTS = ['script-src', 'script-src-elem', 'script-src-attr'];

/** From where a policy lets that come: what no directive is about, `default-src` is. */
function sourcesOf(directive: string, policy: string): string {
  const directives = policy.split(';').map((each) => each.trim());
  const of = (name: string) => directives.find((each) => each.startsWith(`${name} `))?.slice(name.length + 1);
  return of(directive) ?? of('default-src') ?? '';
}

/** The cookie of a session, as it is set. */
async function cookieOf(on: Stage): Promise<string> {
  const { url, admin } = on.server.organization;
  const answer = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: admin.email, password: admin.password }),
  });
  return answer.headers.get('set-cookie') ?? '';
}

/** Pages of other sites that act in the name of who is signed in here. */
export const CROSS_SITE: readonly Lie[] = [
  {
    name: 'a page of another site changes something: every operation of the API',
    guards: ['requests that change something come from our pages'],
    works: (on) => changes(on, { origin: ELSEWHERE }),
  },
  {
    name: 'the same by a form of an old browser, which does not say from where',
    guards: ['requests that change something come from our pages'],
    works: (on) => changes(on, { 'sec-fetch-site': 'cross-site' }),
  },
  {
    name: 'a page of another site is a phone',
    guards: ['phones are our pages'],
    works: (on) => opens(on, '/sip', ['sip']),
  },
  {
    name: 'a page of another site listens to the events of ours',
    guards: ['listeners are our pages'],
    works: (on) => opens(on, '/api/events', []),
  },
  {
    name: 'another site’s request carries the cookie of the session',
    guards: ['other sites do not send the cookie'],
    works: async (on) => !/SameSite=Strict/i.test(await cookieOf(on)),
  },
  {
    name: 'a script reads the cookie of the session',
    guards: ['scripts do not read the cookie'],
    works: async (on) => !/HttpOnly/i.test(await cookieOf(on)),
  },
  lacks(
    'another site lays our page under its own (clickjacking)',
    ['no page frames ours', 'no old browser frames our pages'],
    (headers) =>
      /frame-ancestors 'none'/.test(policyOf(headers)) &&
      /^deny$/i.test(headers.get('x-frame-options') ?? ''),
  ),
  lacks('a name that is a script', ['scripts are our files'], (headers) =>
    SCRIPTS.every((directive) => /^'self'$/.test(sourcesOf(directive, policyOf(headers)))),
  ),
];
