import { organizationId, terminalId, extensionNumber } from '@perch/shared';
import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FakeOrganization } from '../cluster/support/fake-organization.ts';
import { holdsFrames } from '../collections/support/held-memory.ts';
import type { SipMessage } from '../sip/message/message.ts';
import { FakeFlow } from '../sip/transport/support/fake-flow.ts';
import { systemChance } from '../world/system-chance.ts';
import { VirtualClock } from '../world/virtual-clock.ts';
import { createEdge } from './edge.ts';
import type { Account, EdgeJournal } from './ports.ts';

const DOMAIN = 'example.org';
const account = (number: string, organization = 'acme'): Account => ({
  organization: organizationId(organization),
  domain: DOMAIN,
  terminal: terminalId(`phone-${number}`),
  number: extensionNumber(number),
});
const ha1 = (algorithm: string, username: string, password: string) =>
  hash(algorithm, `${username}:${DOMAIN}:${password}`);
const passwords: Record<string, string> = { 'ada-phone': 'secret', 'ben-phone': 'hidden' };
const owners = new Map([
  ['ada-phone', account('101')],
  ['ben-phone', account('102')],
]);

interface Behaviour {
  throws?: boolean;
  /** Tokens and passwords that were withdrawn. */
  withdrawn?: readonly string[];
}

function build(behaviour: Behaviour = {}) {
  const clock = new VirtualClock();
  const passed: SipMessage[] = [];
  const log: string[] = [];
  const journal: EdgeJournal = {
    dropped: (_flow, why) => log.push(`dropped ${why}`),
    refused: (_flow, username, why) => log.push(`refused ${username} ${why}`),
    attached: (_flow, { number }) => log.push(`attached ${number}`),
    closed: () => undefined,
    failed: (_flow, error) => log.push(`failed ${String(error)}`),
  };
  const organization = new FakeOrganization((event) => {
    if (event.kind === 'message' && behaviour.throws) throw new Error('a mistake of ours');
    if (event.kind === 'message') passed.push(event.message);
    if (event.kind === 'closed') log.push('flow closed');
    if (event.kind === 'barred') log.push(`barred ${names.get(event.flow) ?? 'a flow'}: ${event.reason}`);
  });
  const other = new FakeOrganization();
  const urgent = { count: 0 };
  const edge = createEdge({
    bounds: { most: 20_000, mostOfNetwork: 20_000 },
    clock,
    random: systemChance,
    journal,
    urgent: () => void urgent.count++,
    accounts: {
      byDigest(domain, username) {
        const owner = owners.get(username);
        const withdrawn = behaviour.withdrawn?.includes(username) === true;
        const password = withdrawn ? 'another' : passwords[username];
        if (owner === undefined || password === undefined || domain !== DOMAIN) return undefined;
        const secrets = {
          ha1Md5: ha1('md5', username, password),
          ha1Sha256: ha1('sha256', username, password),
        };
        return { account: owner, username, secrets };
      },
      byToken: (token) =>
        token === 'token-of-zoe'
          ? account('103', 'zenith')
          : token.startsWith('token-of-ada') && behaviour.withdrawn?.includes(token) !== true
            ? account('101')
            : undefined,
    },
    organizations: (id) => (id === 'acme' ? organization : other),
  });
  const connect = (address?: string) => new FakeFlow(edge, address);
  const names = new Map<unknown, string>();
  return { organization, other, names, clock, edge, passed, log, urgent, connect };
}

interface RequestOptions {
  readonly method?: string;
  readonly uri?: string;
  readonly from?: string;
  readonly to?: string;
  readonly fields?: string;
}

function request({
  method = 'REGISTER',
  uri,
  from = '101',
  to = from,
  fields = '',
}: RequestOptions = {}): string {
  return (
    `${method} ${uri ?? `sip:${DOMAIN}`} SIP/2.0\r\nVia: SIP/2.0/WS phone.invalid;branch=z9hG4bK77\r\n` +
    `From: <sip:${from}@${DOMAIN}>;tag=a\r\nTo: <sip:${to}@${DOMAIN}>\r\nCall-ID: c\r\nCSeq: 7 ${method}\r\n` +
    `${fields}Content-Length: 0\r\n\r\n`
  );
}

const bearer = (token = 'token-of-ada') => `Authorization: Bearer ${token}\r\n`;
const statusOf = (answer: string | undefined) => Number(answer?.slice(8, 11));
const last = (flow: FakeFlow) => flow.sent.at(-1) ?? '';
const nonceIn = (answer: string) => /nonce="([^"]+)"/.exec(answer)?.[1] ?? '';

interface Claim {
  readonly username?: string;
  readonly password?: string;
  readonly nonce: string;
  readonly algorithm?: 'MD5' | 'SHA-256';
  readonly method?: string;
  readonly uri?: string;
  readonly count?: number;
}

/** What a client computes (RFC 7616 §3.4.1). */
function digest(claim: Claim, change: (value: string) => string = (value) => value): string {
  const { username = 'ada-phone', password = 'secret', nonce, algorithm = 'MD5', count = 1 } = claim;
  const { method = 'REGISTER', uri = `sip:${DOMAIN}` } = claim;
  const name = algorithm === 'MD5' ? 'md5' : 'sha256';
  const nc = count.toString(16).padStart(8, '0');
  const a2 = hash(name, `${method}:${uri}`);
  const response = hash(name, `${ha1(name, username, password)}:${nonce}:${nc}:0a4f:auth:${a2}`);
  const value =
    `Digest algorithm=${algorithm}, username="${username}", realm="${DOMAIN}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", qop=auth, cnonce="0a4f", nc=${nc}`;
  return `Authorization: ${change(value)}\r\n`;
}

function challenge(flow: FakeFlow, options: RequestOptions = {}): string {
  flow.receive(request(options));
  expect(statusOf(last(flow))).toBe(401);
  return nonceIn(last(flow));
}

test('a flow without credentials is challenged, auth only', () => {
  const { connect, passed } = build();
  const flow = connect();
  challenge(flow);
  expect(last(flow)).not.toContain('auth-int');
  expect(last(flow)).toContain(`realm="${DOMAIN}"`);
  expect(passed).toEqual([]);
});

test.for<[client: string, sentBy: string, userAgent: string, algorithms: readonly string[]]>([
  ['JsSIP, which keeps the last challenge', '5fm2kd93ja0s.invalid', 'JsSIP 3.13.8', ['SHA-256', 'MD5']],
  ['SIP.js, which keeps the last challenge', 'o2k9dj4l1.invalid', 'SIP.js/0.21.1', ['SHA-256', 'MD5']],
  ['a browser whose sent-by has a port', 'Phone.INVALID:443', 'Desk phone', ['SHA-256', 'MD5']],
  ['JsSIP with a Contact of its own', '192.168.1.5', 'JsSIP 3.13.8', ['SHA-256', 'MD5']],
  ['SIP.js with an address in Contact', '192.0.2.17', 'SIP.js/0.21.1', ['SHA-256', 'MD5']],
  ["Debian's baresip", '127.0.0.1:51342', 'baresip v1.0.0 (x86_64/linux)', ['MD5']],
  ['the last libre without SHA-256', '127.0.0.1:51342', 'baresip v3.11.0 (x86_64/Linux)', ['MD5']],
  ['the first libre with SHA-256', '127.0.0.1:51342', 'baresip v3.12.0 (x86_64/Linux)', ['MD5', 'SHA-256']],
  ['a baresip of today', '[::1]:51342', 'baresip v4.9.0 (aarch64/Linux)', ['MD5', 'SHA-256']],
  ['a client that reads the first only', 'phone.invalid.example', 'Desk phone', ['MD5', 'SHA-256']],
  ['a client that does not say what it is', '192.0.2.7:5060', '', ['MD5', 'SHA-256']],
])('%s is challenged as it can read it', ([, sentBy, userAgent, algorithms]) => {
  const { connect, passed } = build();
  const flow = connect();
  const fields = userAgent === '' ? '' : `User-Agent: ${userAgent}\r\n`;
  const asked = (more = '') => request({ fields: fields + more }).replace('phone.invalid', sentBy);
  flow.receive(asked());
  const challenges = last(flow).match(/WWW-Authenticate: .*/g);
  expect(challenges?.map((line) => /algorithm=([\w-]+)/.exec(line)?.[1])).toEqual(algorithms);
  flow.receive(asked(digest({ nonce: nonceIn(last(flow)), algorithm: 'MD5' })));
  expect(passed).toHaveLength(1);
});

test.for<[name: string, authorization: string]>([
  [
    'empty nonce and response',
    `Digest username="ada-phone", realm="${DOMAIN}", nonce="", uri="x", response=""`,
  ],
  ['everything empty', 'Digest username="", realm="", nonce="", uri="", response=""'],
  ['no nonce', `Digest username="ada-phone", realm="${DOMAIN}", response="${'0'.repeat(32)}"`],
  ['no response', `Digest username="ada-phone", realm="${DOMAIN}", nonce="abc"`],
  ['an algorithm and no answer', `Digest username="ada-phone", nonce="", response="", algorithm=AKAv1-MD5`],
  ['a user name and nothing else', 'Digest username="ada-phone"'],
  ['a scheme and nothing else', 'Digest'],
  ['Bearer and nothing else', 'Bearer'],
  ['nothing', ''],
])('a claim with %s counts as none: it is challenged, and the answer is accepted', ([, authorization]) => {
  const { connect, passed, log } = build();
  const flow = connect();
  const nonce = challenge(flow, { fields: `Authorization: ${authorization}\r\n` });
  flow.receive(request({ fields: digest({ nonce }) }));
  expect(passed).toHaveLength(1);
  expect(log).toEqual(['attached 101']);
});

test.for(['MD5', 'SHA-256'] as const)('a right %s response attaches the flow', (algorithm) => {
  const { connect, passed, log } = build();
  const flow = connect();
  flow.receive(request({ fields: digest({ nonce: challenge(flow), algorithm }) }));
  expect(log).toEqual(['attached 101']);
  expect(passed).toHaveLength(1);
});

test('a token attaches the flow in one transaction', () => {
  const { connect, passed } = build();
  connect().receive(request({ fields: bearer() }));
  expect(passed).toHaveLength(1);
});

test('a flow remembers its token without keeping the message that brought it', () => {
  const { connect, edge, passed } = build();
  const long = bearer('token-of-ada-in-this-very-browser');
  const held = holdsFrames((frame) => {
    const flow = connect();
    flow.receive(request({ fields: `${long}Subject: ${frame.slice(1_000)}\r\n` }));
    passed.length = flow.sent.length = 0;
  });
  expect(held).toBe(false);
  expect(edge.counts.attached).toBeGreaterThan(0);
});

test('once attached, requests without credentials pass, and so do responses, ACK and CANCEL', () => {
  const { connect, passed } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  flow.receive(request({ method: 'INVITE', to: '102' }));
  flow.receive(request({ method: 'ACK', from: '999' }));
  flow.receive('SIP/2.0 200 OK\r\n' + request().split('\r\n').slice(1).join('\r\n'));
  expect(passed.map((message) => (message.kind === 'request' ? message.method : message.status))).toEqual([
    'REGISTER',
    'INVITE',
    'ACK',
    200,
  ]);
});

test.for<[name: string, options: RequestOptions, status: number]>([
  ['an unknown token', { fields: bearer('guessed') }, 403],
  ['From of another extension', { from: '102', fields: bearer() }, 403],
  ['a third-party registration', { to: '102', fields: bearer() }, 403],
  ['From without a SIP domain', { fields: bearer(), from: '101@other.example;x=' }, 403],
  ['unknown scheme: as without credentials', { fields: 'Authorization: Whatever opaque=1\r\n' }, 401],
  ['Basic: as without credentials', { fields: 'Authorization: Basic cGVyY2g=\r\n' }, 401],
  ['a claim that cannot be read', { fields: 'Authorization: Digest username="ada\r\n' }, 400],
  ['an INVITE without credentials', { method: 'INVITE' }, 401],
  ['OPTIONS without credentials', { method: 'OPTIONS' }, 401],
  ['65 Authorization fields of another realm', { fields: otherRealms(65) }, 401],
])('%s', ([, options, status]) => {
  const { connect, passed } = build();
  const flow = connect();
  flow.receive(request(options));
  expect(statusOf(last(flow))).toBe(status);
  expect(passed).toEqual([]);
});

function otherRealms(count: number): string {
  return digest({ nonce: 'n' }, (value) => value.replace(DOMAIN, 'elsewhere.example')).repeat(count);
}

test.for<[name: string, claim: Partial<Claim>, change: (value: string) => string, status: number]>([
  ['a wrong password', { password: 'guess' }, (value) => value, 403],
  ['an unknown user', { username: 'nobody' }, (value) => value, 403],
  ['a short response', {}, (value) => value.replace(/response="../, 'response="'), 400],
  ['no qop (RFC 2069)', {}, (value) => value.replace('qop=auth, ', ''), 400],
  ['qop=auth-int', {}, (value) => value.replace('qop=auth', 'qop=auth-int'), 400],
  ['MD5-sess', {}, (value) => value.replace('MD5', 'MD5-sess'), 400],
  ['an algorithm other than the response is made with', {}, (value) => value.replace('MD5', 'SHA-256'), 400],
  ['uri other than the Request-URI', { uri: 'sip:other.example' }, (value) => value, 400],
  ['a parameter twice', {}, (value) => `${value}, nc=00000002`, 400],
  ["another account's credentials", { username: 'ben-phone', password: 'hidden' }, (value) => value, 403],
  ['a response to another method', { method: 'INVITE' }, (value) => value, 403],
])('digest with %s earns no entry', ([, claim, change, status]) => {
  const { connect, passed } = build();
  const flow = connect();
  flow.receive(request({ fields: digest({ nonce: challenge(flow), ...claim }, change) }));
  expect(statusOf(last(flow))).toBe(status);
  expect(passed).toEqual([]);
});

test('the answers to an unknown user and to a wrong password differ in nothing but nonces', () => {
  const { connect } = build();
  const answers = ['ada-phone', 'nobody'].map((username) => {
    const flow = connect();
    flow.receive(request({ fields: digest({ username, password: 'guess', nonce: challenge(flow) }) }));
    return flow.sent.map((answer) => answer.replaceAll(/nonce="[^"]+"/g, ''));
  });
  expect(answers[0]).toEqual(answers[1]);
});

test('a nonce counts upwards only: the same request again is stale, the next count is not', () => {
  const { connect, passed } = build();
  const flow = connect();
  const nonce = challenge(flow);
  flow.receive(request({ fields: digest({ nonce }) }));
  flow.receive(request({ fields: digest({ nonce }) }));
  expect(statusOf(last(flow))).toBe(401);
  expect(last(flow)).toContain('stale=true');
  flow.receive(request({ fields: digest({ nonce, count: 2 }) }));
  expect(passed).toHaveLength(2);
});

test('a nonce of another flow is worthless', () => {
  const { connect, passed } = build();
  const nonce = challenge(connect());
  const other = connect();
  other.receive(request({ fields: digest({ nonce }) }));
  expect(last(other)).toContain('stale=true');
  expect(passed).toEqual([]);
});

test('an expired nonce is stale, not wrong', async () => {
  const { connect, clock, passed } = build();
  const flow = connect();
  const nonce = challenge(flow);
  flow.receive(request({ fields: digest({ nonce }) }));
  await clock.advance(11 * 60_000);
  flow.receive(request({ fields: digest({ nonce, count: 2 }) }));
  expect(last(flow)).toContain('stale=true');
  flow.receive(request({ fields: digest({ nonce: nonceIn(last(flow)) }) }));
  expect(passed).toHaveLength(2);
});

test('two challenges answered in order both serve: REGISTER and INVITE may be under way at once', () => {
  const { connect, passed } = build();
  const flow = connect();
  const first = challenge(flow);
  const second = challenge(flow);
  flow.receive(request({ fields: digest({ nonce: first }) }));
  flow.receive(request({ fields: digest({ nonce: second }) }));
  expect(passed).toHaveLength(2);
});

test('of a flow that only asks for challenges, four are remembered, the latest among them', () => {
  const { connect, passed } = build();
  const flow = connect();
  const nonces = Array.from({ length: 5 }, () => challenge(flow));
  flow.receive(request({ fields: digest({ nonce: nonces[3] ?? '' }) }));
  expect(last(flow)).toContain('stale=true');
  flow.receive(request({ fields: digest({ nonce: nonces[2] ?? '' }) }));
  expect(passed).toHaveLength(1);
});

test('eight requests that are challenged at once all succeed in the end', () => {
  const { connect, passed } = build();
  const flow = connect();
  let nonces = Array.from({ length: 8 }, () => challenge(flow));
  for (let round = 0; round < 4; round += 1) {
    flow.sent.length = 0;
    for (const nonce of nonces) flow.receive(request({ fields: digest({ nonce }) }));
    nonces = flow.sent.map(nonceIn);
  }
  expect(passed).toHaveLength(8);
});

test('another account on an attached flow is refused, and the flow stays as it was', () => {
  const { connect, passed } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  flow.receive(
    request({ from: '102', fields: digest({ nonce: 'x', username: 'ben-phone', password: 'hidden' }) }),
  );
  const nonce = nonceIn(last(flow));
  const fields = digest({ nonce, username: 'ben-phone', password: 'hidden' });
  flow.receive(request({ from: '102', fields }));
  expect(statusOf(last(flow))).toBe(403);
  flow.receive(request({ from: '102' }));
  expect(statusOf(last(flow))).toBe(403);
  flow.receive(request());
  expect(passed).toHaveLength(2);
});

test('after ten wrong passwords the right one is refused too, from that address only, and for a while only', async () => {
  const { connect, clock, log } = build();
  const tryWith = (password: string, address: string) => {
    const flow = connect(address);
    flow.receive(request({ fields: digest({ nonce: challenge(flow), password }) }));
    return statusOf(last(flow)) || 'in';
  };
  for (let tries = 0; tries < 10; tries += 1) expect(tryWith('guess', '192.0.2.9')).toBe(403);
  expect(tryWith('secret', '192.0.2.9')).toBe(403);
  expect(log.at(-1)).toBe('refused ada-phone throttled');
  tryWith('secret', '192.0.2.10');
  expect(log.at(-1)).toBe('attached 101');
  await clock.advance(30_000);
  tryWith('secret', '192.0.2.9');
  expect(log.at(-1)).toBe('attached 101');
});

test('under a nonce that was never given no password is looked at: stale, and no one is locked out by it', () => {
  const { connect, log } = build();
  const flow = connect();
  for (let tries = 0; tries < 12; tries += 1) {
    flow.receive(request({ fields: digest({ nonce: 'x', password: 'guess' }) }));
    expect(last(flow)).toContain('stale=true');
  }
  flow.receive(request({ fields: digest({ nonce: nonceIn(flow.sent[0] ?? '') }) }));
  expect(log).toEqual(['attached 101']);
});

test('a wrong password does not use up a nonce', () => {
  const { connect, log } = build();
  const flow = connect();
  const nonce = challenge(flow);
  flow.receive(request({ fields: digest({ nonce, password: 'guess' }) }));
  flow.receive(request({ fields: digest({ nonce }) }));
  expect(log).toEqual(['refused ada-phone wrong-password', 'attached 101']);
});

test('a flow that has proved its account proves nothing for another, nor with another password', () => {
  const { connect, passed, log } = build();
  const flow = connect();
  const nonce = challenge(flow);
  flow.receive(request({ fields: digest({ nonce }) }));
  flow.receive(request({ fields: digest({ nonce, count: 2, password: 'guess' }) }));
  flow.receive(
    request({ from: '102', fields: digest({ nonce, count: 2, username: 'ben-phone', password: 'secret' }) }),
  );
  expect(log).toEqual([
    'attached 101',
    'refused ada-phone wrong-password',
    'refused ben-phone wrong-password',
  ]);
  expect(passed).toHaveLength(1);
});

test('guesses from the same network do not lock out a phone that has authenticated recently', () => {
  const { connect, log } = build();
  const tryWith = (password: string, address: string) => {
    const flow = connect(address);
    flow.receive(request({ fields: digest({ nonce: challenge(flow), password }) }));
    return log.at(-1);
  };
  expect(tryWith('secret', '2001:db8::1')).toBe('attached 101');
  for (let tries = 0; tries < 12; tries += 1) tryWith('guess', `2001:db8::${tries}`);
  expect(tryWith('guess', '2001:db8::99')).toBe('refused ada-phone throttled');
  expect(tryWith('secret', '2001:db8::99')).toBe('attached 101');
});

test('addresses of one IPv6 network share their limit: a guess from another of them starts no new count', () => {
  const { connect, log } = build();
  for (let tries = 0; tries <= 10; tries += 1) {
    const flow = connect(`2001:db8::${tries}`);
    flow.receive(request({ fields: digest({ nonce: challenge(flow), password: 'guess' }) }));
  }
  expect(log.at(-1)).toBe('refused ada-phone throttled');
});

test.for<[name: string, frame: string, answers: number, why: string]>([
  ['noise', 'not SIP at all', 0, 'dropped unparsable'],
  ['an empty frame', '', 0, 'dropped unparsable'],
  ['a request with a broken CSeq', request().replace('CSeq: 7 REGISTER', 'CSeq: x'), 1, 'dropped malformed'],
  [
    'a response',
    'SIP/2.0 200 OK\r\n' + request().split('\r\n').slice(1).join('\r\n'),
    0,
    'dropped unsolicited',
  ],
  ['ACK', request({ method: 'ACK' }), 0, 'dropped unsolicited'],
  ['CANCEL', request({ method: 'CANCEL' }), 0, 'dropped unsolicited'],
])('from a stranger, %s is dropped', ([, frame, answers, why]) => {
  const { connect, log } = build();
  const flow = connect();
  flow.receive(frame);
  expect(flow.sent).toHaveLength(answers);
  expect(log).toEqual([why]);
});

test.for<[name: string, rest: string, why: readonly string[]]>([
  ['a second message', request({ method: 'OPTIONS' }), ['dropped surplus']],
  ['octets', 'x', ['dropped surplus']],
  ['line ends', '\r\n\r\n', []],
  ['nothing', '', []],
])('of a frame with %s behind its message the message is taken, and the rest counted', ([, rest, why]) => {
  const { connect, passed, log } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }) + rest);
  expect(passed).toHaveLength(1);
  expect(log.filter((line) => line.startsWith('dropped'))).toEqual(why);
});

test('a phone that floods has new work put off, keeps what is under way, and is not heard for a while', async () => {
  const { connect, passed, clock, log } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  const bye = request({ method: 'BYE', to: '102' }).replace(/(To: .*)\r/, '$1;tag=b\r');
  // Silence earns no more than one burst.
  await clock.advance(10_000);
  for (let sent = 0; sent < 1_000; sent += 1) flow.receive(request());
  expect([passed.length, flow.restsFor]).toEqual([1_001, undefined]);
  flow.receive(request());
  expect(last(flow)).toMatch(/^SIP\/2\.0 503 [^]*Retry-After: 5/);
  expect(flow.restsFor).toBe(202);
  flow.receive(bye);
  expect(passed).toHaveLength(1_002);
  expect(flow.restsFor).toBe(204);
  await clock.advance(204);
  for (let sent = 0; sent < 100; sent += 1) flow.receive(request());
  expect(passed).toHaveLength(1_102);
  flow.receive(request());
  expect(statusOf(last(flow))).toBe(503);
  expect([flow.open, log.includes('dropped flood')]).toEqual([true, true]);
});

test('the phones of a terminal have one rate together, and one that connects again has no other', async () => {
  const { connect, passed, clock } = build();
  const [one, other] = [connect(), connect()];
  for (const flow of [one, other]) flow.receive(request({ fields: bearer() }));
  await clock.advance(10_000);
  for (let sent = 0; sent < 500; sent += 1) for (const flow of [one, other]) flow.receive(request());
  expect(passed).toHaveLength(1_002);
  one.receive(request());
  other.receive(request());
  expect([statusOf(last(one)), statusOf(last(other))]).toEqual([503, 503]);
  for (const flow of [one, other]) flow.hangUp();
  await clock.advance(1);
  const next = connect();
  next.receive(request({ fields: bearer() }));
  next.receive(request());
  expect(statusOf(last(next))).toBe(503);
  await clock.advance(10_000);
  next.receive(request());
  expect(passed).toHaveLength(1_004);
});

test('a phone’s responses do not count against its requests', async () => {
  const { connect, passed, clock } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  const answer = request({ fields: bearer() }).replace(/^REGISTER .*/, 'SIP/2.0 180 Ringing');
  // As many as a caller within the limit can cause: four to an INVITE that is cancelled at once.
  for (let second = 0; second < 60; second += 1) {
    for (let sent = 0; sent < 667; sent += 1) flow.receive(answer);
    await clock.advance(1_000);
  }
  expect([flow.open, passed.length]).toEqual([true, 1 + 60 * 667]);
  flow.receive(request());
  expect(passed).toHaveLength(2 + 60 * 667);
});

test('a flood of what is no SIP message counts as one of requests', async () => {
  const { connect, clock } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  await clock.advance(10_000);
  const malformed = request().replace('Content-Length: 0', 'Content-Length: 9');
  for (let sent = 0; sent < 1_000; sent += 1) flow.receive(malformed);
  expect([statusOf(last(flow)), flow.restsFor]).toEqual([400, undefined]);
  const answers = flow.sent.length;
  flow.receive(malformed);
  expect([flow.sent.length, flow.restsFor]).toEqual([answers, 202]);
});

test('a long message counts as several: its account is put off after as many octets', async () => {
  const { connect, passed, clock } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  await clock.advance(10_000);
  const long = request({ fields: `Subject: ${'a'.repeat(60_000)}\r\n` });
  for (let sent = 0; sent < 16; sent += 1) flow.receive(long);
  expect([passed.length, flow.restsFor]).toEqual([17, undefined]);
  flow.receive(long);
  expect([statusOf(last(flow)), passed.length]).toEqual([503, 17]);
  expect(flow.restsFor).toBeGreaterThan(0);
});

test('a stranger’s long messages count as several, too', () => {
  const { connect } = build();
  const flow = connect();
  const long = request({ fields: `Subject: ${'a'.repeat(60_000)}\r\n` });
  flow.receive(long);
  expect(statusOf(last(flow))).toBe(401);
  flow.receive(long);
  expect(flow.closedWith?.reason).toBe('More than 100 messages a second without authentication');
});

test('pings of a stranger count as messages', () => {
  const { connect } = build();
  const flow = connect();
  for (let sent = 0; sent < 100; sent += 1) flow.stir(26);
  expect(flow.open).toBe(true);
  flow.stir(26);
  expect(flow.closedWith?.reason).toBe('More than 100 messages a second without authentication');
});

test('pings of an account count as requests, on all of its flows together', () => {
  const { connect } = build();
  const [flow, other] = [connect(), connect()];
  for (const each of [flow, other]) each.receive(request({ fields: bearer() }));
  for (let sent = 0; sent < 1_000; sent += 1) flow.stir(26);
  expect(flow.restsFor).toBeUndefined();
  other.stir(26);
  expect([flow.restsFor, other.restsFor]).toEqual([undefined, 202]);
});

test('a flow is preferred once it has an account, and not before', () => {
  const { connect } = build();
  const flow = connect();
  flow.receive(request({}));
  expect([statusOf(last(flow)), flow.isInTurn]).toEqual([401, true]);
  flow.receive(request({ fields: bearer() }));
  expect(flow.isInTurn).toBe(false);
});

test('a phone that sends far more than a call needs takes turns with strangers, on a new flow, too, until it has been calm', async () => {
  const { connect, clock } = build();
  const [flow, other] = [connect(), connect()];
  flow.receive(request({ fields: bearer() }));
  for (let sent = 0; sent < 100; sent += 1) flow.receive(request());
  expect(flow.isInTurn).toBe(false);
  flow.receive(request());
  expect([flow.isInTurn, flow.restsFor]).toEqual([true, undefined]);
  other.receive(request({ fields: bearer() }));
  expect(other.isInTurn).toBe(true);
  for (let sent = 0; sent < 800; sent += 1) flow.receive(request());
  await clock.advance(2_000);
  flow.receive(request());
  expect(flow.isInTurn).toBe(false);
});

test('what a phone that keeps to its rate says in a call is urgent; a stranger’s, a flood’s and other requests are not', async () => {
  const { connect, urgent, clock } = build();
  const flow = connect();
  flow.receive(request({ method: 'INVITE' }));
  flow.receive(request({ fields: bearer() }));
  flow.receive(request({ method: 'OPTIONS' }));
  expect(urgent.count).toBe(0);
  flow.receive(request({ method: 'INVITE' }));
  flow.receive(request({ method: 'ACK' }));
  flow.receive(request({ method: 'BYE' }));
  expect(urgent.count).toBe(3);
  for (let count = 0; count < 200; count++) flow.receive(request({ method: 'OPTIONS' }));
  flow.receive(request({ method: 'INVITE' }));
  expect(urgent.count).toBe(3);
  await clock.advance(10_000);
  flow.receive(request({ method: 'INVITE' }));
  expect(urgent.count).toBe(4);
});

test('a phone that sends a few of the largest messages takes turns with strangers', () => {
  const { connect } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  const large = request({ fields: `${bearer()}Subject: ${'a'.repeat(60_000)}\r\n` });
  flow.receive(large);
  expect(flow.isInTurn).toBe(false);
  flow.receive(large);
  expect([flow.isInTurn, flow.restsFor]).toEqual([true, undefined]);
});

test('what is sent over a flow whose account may no longer be used is not charged to other phones', async () => {
  const behaviour = { withdrawn: [] as string[] };
  const { connect, edge, passed, clock } = build(behaviour);
  const [old, phone] = [connect(), connect()];
  old.receive(request({ fields: bearer('token-of-ada-old') }));
  phone.receive(request({ fields: bearer() }));
  await clock.advance(10_000);
  behaviour.withdrawn.push('token-of-ada-old');
  edge.reviewFlowsOf(terminalId('phone-101'), 'withdrawn');
  for (let sent = 0; sent < 2_000; sent += 1) old.receive(request());
  const before = passed.length;
  phone.receive(request());
  const next = connect();
  next.receive(request({ fields: bearer() }));
  expect(passed).toHaveLength(before + 2);
});

test('a flood of responses is not heard, either', () => {
  const { connect } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  const answer = request({ fields: bearer() }).replace(/^REGISTER .*/, 'SIP/2.0 180 Ringing');
  for (let sent = 0; sent < 10_000; sent += 1) flow.receive(answer);
  expect(flow.restsFor).toBe(undefined);
  flow.receive(answer);
  expect(flow.restsFor).toBe(200.2);
});

test('a stranger has 30 s; an authenticated phone has no time limit', async () => {
  const { connect, clock, edge } = build();
  const [stranger, known] = [connect(), connect()];
  known.receive(request({ fields: bearer() }));
  await clock.advance(31_000);
  expect(stranger.closedWith?.reason).toBe('No authentication within 30 s');
  expect(known.open).toBe(true);
  expect(edge.counts).toEqual({ strangers: 0, attached: 1 });
});

test('a crowd of strangers keeps no phone out: the oldest stranger gives way', () => {
  const { connect, edge } = build();
  const [first] = Array.from({ length: 20_000 }, () => connect());
  const phone = connect();
  expect(first?.closedWith?.code).toBe(1013);
  phone.receive(request({ fields: bearer() }));
  expect(phone.open).toBe(true);
  expect(edge.counts).toEqual({ strangers: 19_999, attached: 1 });
});

test('a phone has 64 flows at most: the next one is put off until one of them ends', async () => {
  const { connect, edge } = build();
  const flows = Array.from({ length: 64 }, () => connect());
  for (const flow of flows) flow.receive(request({ fields: bearer() }));
  const next = connect();
  next.receive(request({ fields: bearer() }));
  expect(statusOf(last(next))).toBe(503);
  expect(edge.counts).toEqual({ strangers: 1, attached: 64 });
  flows[0]?.close(1000, '');
  await Promise.resolve();
  next.receive(request({ fields: bearer() }));
  expect(edge.counts).toEqual({ strangers: 0, attached: 64 });
});

/** Ada's phones: two browsers by tokens, and one by digest. */
function phonesOfAda(behaviour: Behaviour) {
  const house = build(behaviour);
  const [browser, other, sipPhone] = [house.connect(), house.connect(), house.connect()];
  browser.receive(request({ fields: bearer() }));
  other.receive(request({ fields: bearer('token-of-ada-too') }));
  sipPhone.receive(request());
  sipPhone.receive(request({ fields: digest({ nonce: nonceIn(last(sipPhone)) }) }));
  house.names.set(browser.id, 'browser').set(other.id, 'other browser').set(sipPhone.id, 'SIP phone');
  expect(house.edge.counts).toEqual({ strangers: 0, attached: 3 });
  return { ...house, browser };
}

test.for([
  [['token-of-ada'], ['browser']],
  [['ada-phone'], ['SIP phone']],
  [
    ['token-of-ada', 'token-of-ada-too', 'ada-phone'],
    ['browser', 'other browser', 'SIP phone'],
  ],
  [[], []],
] as const)('with %j withdrawn, these are barred, once: %j', ([withdrawn, barred]) => {
  const behaviour: Behaviour = {};
  const { edge, log } = phonesOfAda(behaviour);
  behaviour.withdrawn = withdrawn;
  edge.reviewFlowsOf(account('102').terminal, 'Not this one');
  edge.reviewFlowsOf(account('101').terminal, 'Revoked');
  edge.reviewFlowsOf(account('101').terminal, 'Revoked');
  expect(log.filter((line) => line.startsWith('barred'))).toEqual(
    barred.map((name) => `barred ${name}: Revoked`),
  );
});

test('a flow that shows its token in Proxy-Authorization is barred with that token, and with no other', () => {
  const behaviour: Behaviour = {};
  const { connect, edge, log } = build(behaviour);
  connect().receive(request({ fields: `Proxy-${bearer()}` }));
  behaviour.withdrawn = ['token-of-ada-too'];
  edge.reviewFlowsOf(account('101').terminal, 'Not this one');
  behaviour.withdrawn = ['token-of-ada'];
  edge.reviewFlowsOf(account('101').terminal, 'Revoked');
  expect(log.filter((line) => line.startsWith('barred'))).toEqual(['barred a flow: Revoked']);
});

test('over a barred flow nothing new comes in, with any credentials; a call under way is heard', () => {
  const behaviour: Behaviour = {};
  const { browser, edge, passed } = phonesOfAda(behaviour);
  behaviour.withdrawn = ['token-of-ada'];
  edge.reviewFlowsOf(account('101').terminal, 'Revoked');
  passed.length = 0;
  const within = (method: string, fields = ''): string =>
    request({ method, uri: 'sip:perch@example.org', fields }).replace(/(To: .*)\r/, '$1;tag=ours\r');
  for (const method of ['REGISTER', 'INVITE', 'SUBSCRIBE', 'MESSAGE'])
    for (const fields of ['', bearer(), bearer('token-of-ada-too')]) {
      browser.receive(request({ method, fields }));
      expect([method, statusOf(last(browser))]).toEqual([method, 403]);
    }
  for (const method of ['REGISTER', 'REFER', 'SUBSCRIBE']) {
    browser.receive(within(method));
    expect([method, statusOf(last(browser))]).toEqual([method, 403]);
  }
  expect(passed).toEqual([]);
  for (const method of ['INVITE', 'INFO', 'BYE']) browser.receive(within(method, bearer()));
  expect(passed).toMatchObject([{ method: 'INVITE' }, { method: 'INFO' }, { method: 'BYE' }]);
});

test('an exception of ours is a 500 and a line in the journal', () => {
  const { connect, log } = build({ throws: true });
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  expect(statusOf(last(flow))).toBe(500);
  expect(log).toContain('failed Error: a mistake of ours');
});

test('the exchange is told of the end of attached flows only', async () => {
  const { connect, clock, edge, log } = build();
  const [known, stranger] = [connect(), connect()];
  known.receive(request({ fields: bearer() }));
  known.hangUp();
  stranger.hangUp();
  await clock.advance(0);
  expect(log.filter((line) => line === 'flow closed')).toHaveLength(1);
  expect(edge.counts).toEqual({ strangers: 0, attached: 0 });
});

/** An INVITE of Ada's phone with that From. */
const invite = (from: string, fields = '') =>
  request({ method: 'INVITE', uri: `sip:102@${DOMAIN}`, to: '102', fields }).replace(
    `<sip:101@${DOMAIN}>;tag=a`,
    `${from};tag=a`,
  );

test.for([
  '"Anonymous" <sip:anonymous@anonymous.invalid>',
  '<sip:Anonymous@anonymous.invalid>',
  '<sip:c8oqz84zk7z@privacy.invalid>',
  `<sip:anonymous@${DOMAIN}>`,
])('From %s is challenged with the callee’s realm, and the answer identifies the caller', (from) => {
  const { connect, passed, log } = build();
  const flow = connect();
  flow.receive(invite(from));
  expect(statusOf(last(flow))).toBe(401);
  expect(last(flow)).toContain(`realm="${DOMAIN}"`);
  const claim = { nonce: nonceIn(last(flow)), method: 'INVITE', uri: `sip:102@${DOMAIN}` };
  flow.receive(invite(from, digest(claim)));
  flow.receive(invite(from));
  expect(log).toEqual(['attached 101']);
  expect(passed).toHaveLength(2);
});

test('no one registers anonymously or calls as someone else', () => {
  const { connect, log } = build();
  const flow = connect();
  flow.receive(
    request({ fields: bearer() }).replace(`<sip:101@${DOMAIN}>;tag`, '<sip:anonymous@anonymous.invalid>;tag'),
  );
  flow.receive(invite(`<sip:102@${DOMAIN}>`, bearer()));
  expect(log).toEqual(['refused 101 foreign-identity', 'refused 101 foreign-identity']);
});

test('an organization learns which of its INVITEs the edge has refused, and with what answer', () => {
  const { connect, organization } = build();
  const flow = connect();
  flow.receive(request({ fields: bearer() }));
  flow.receive(request({ method: 'OPTIONS', from: '102', fields: bearer() }));
  flow.receive(invite(`<sip:102@${DOMAIN}>`, bearer()));
  const stranger = connect();
  stranger.receive(invite(`<sip:102@${DOMAIN}>`, bearer('another')));
  expect(organization.told.filter(({ kind }) => kind === 'refused')).toMatchObject([
    { flow: flow.id, message: { method: 'INVITE' }, answer: last(flow) },
  ]);
});

test('each phone is attached to its own organization, whose orders are carried out until the edge is closed', () => {
  const { organization, other, edge, connect } = build();
  const [ada, zoe] = [connect(), connect()];
  ada.receive(request({ fields: bearer() }));
  zoe.receive(request({ from: '103', fields: bearer('token-of-zoe') }));
  expect([organization.told, other.told]).toMatchObject([
    [{ kind: 'attach', flow: ada.id }],
    [{ kind: 'attach', flow: zoe.id }],
  ]);
  other.order({ kind: 'send', flow: zoe.id, message: 'hello' });
  edge.close();
  other.order({ kind: 'send', flow: zoe.id, message: 'too late' });
  expect([ada.sent, zoe.sent]).toEqual([[], ['hello']]);
});
