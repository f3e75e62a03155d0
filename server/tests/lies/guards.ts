import type { BrokenLine } from '../../altered/broken-lines.ts';

/** The lines of the product that stand against lies, and what stands there in a product without them. */
export const GUARDS = {
  'From is the sender’s own': {
    file: 'src/edge/identity.ts',
    text: 'return to.tag !== undefined || names(uri, account) || isAnonymous(uri);',
    replacement: 'return true;',
  },
  'REGISTER is for oneself': {
    file: 'src/edge/identity.ts',
    text: "if (request.method === 'REGISTER') return names(to.uri, account) && names(fromOf(request).uri, account);",
    replacement: '',
  },
  'bindings are one’s own': {
    file: 'src/exchange/registrar/registrar.ts',
    text: "if (!isAddressOf(account.number, toOf(request).uri)) return refuse(403, 'Not Your Address');",
    replacement: '',
  },
  'a nonce is for one connection': {
    file: 'src/edge/authenticator.ts',
    text: 'if (!nonces?.allows(nonce, count, clock.monotonic())) return challenged(request, holder, realm, true);',
    replacement: 'if (nonces === undefined) return challenged(request, holder, realm, true);',
  },
  'credentials are for one request': {
    file: 'src/edge/authenticator.ts',
    text: "if (claim.uri !== request.uri) return refused('malformed', username);",
    replacement: '',
  },
  'unknown accounts are refused like wrong passwords': {
    file: 'src/edge/authenticator.ts',
    text: 'const matches = digestMatches(claim, request.method, known?.secrets);',
    replacement:
      "if (known === undefined) return refused('malformed', username); const matches = digestMatches(claim, request.method, known.secrets);",
  },
  'a dialog is its peer’s': {
    file: 'src/exchange/flows/sip-door.ts',
    text: 'return terminal !== undefined && terminal === terminalOf(other);',
    replacement: 'return true || terminal === terminalOf(other);',
  },
  'calls of a terminal are looked through': {
    file: 'src/exchange/call/seats/seat-move.ts',
    text: 'const found = findSeat(placements.betweenPhonesAt(terminal), terminal, replaces);',
    replacement: 'const found = findSeat(placements.all(), terminal, replaces);',
  },
  'a leg is replaced at its own terminal': {
    file: 'src/exchange/call/seats/seat-move.ts',
    text: "if (!isPerson(party) || party.terminal !== terminal || leg.state !== 'confirmed') continue;",
    replacement: "if (!isPerson(party) || leg.state !== 'confirmed') continue;",
  },
  'wrong passwords over SIP are counted': {
    file: 'src/edge/authenticator.ts',
    text: 'if (!(isProven && right) && !throttle.allows(flow.remoteAddress, account, right)) {',
    replacement: 'if (isProven && account === "") {',
  },
  'a token that was taken back is forgotten': {
    file: 'src/management/terminals.ts',
    text: 'this.#ports.accounts.deleteToken(hash);',
    replacement: '',
  },
  'connections of a suspended extension end': {
    file: 'src/accounts.ts',
    text: "if (before) this.#withdrawn(before.account.terminal, 'This extension is suspended');",
    replacement: '',
  },
  'a sign-in code works once': {
    file: 'src/management/second-factors.ts',
    text: "return (await repository.useStep(id, step)) ? 'app' : USED_CODE;",
    replacement: "await repository.useStep(id, step); return 'app';",
  },
  'a station’s code works once': {
    file: 'src/exchange/station-codes/code-book.ts',
    text: "changed(book, code, { fate: 'used', usedBy });",
    replacement: 'book;',
  },
  'causes are written anew': {
    file: 'src/exchange/call/machines/crossing.ts',
    text: 'export function reasonAcross({ protocol, cause }: Reason): Reason | undefined {',
    replacement:
      'export function reasonAcross(reason: Reason): Reason | undefined { const { protocol, cause } = reason; if (cause > 0) return reason;',
  },
  'keys are written anew': {
    file: 'src/exchange/call/machines/crossing.ts',
    text: 'const press = pressOfInfo(contentType, body);',
    replacement:
      'if (body !== "") return { contentType, body }; const press = pressOfInfo(contentType, body);',
  },
  'names have no invisible characters': {
    file: '../shared/src/display-name.ts',
    text: "const hasUnseen = (name: string): boolean => UNSEEN.test(name.replaceAll(JOINED, '').replaceAll(STYLED, ''));",
    replacement: 'const hasUnseen = (_name: string): boolean => false;',
  },
  'quoted texts have no control characters': {
    file: 'src/sip/message/fields/quoting.ts',
    text: "const clean = text.replace(/[\\u0000-\\u001f\\u007f]/g, '');",
    replacement: 'const clean = text;',
  },
  'fields have no line ends': {
    file: 'src/sip/message/build.ts',
    text: "const isUnsafe = (text: string): boolean => text.includes('\\n') || text.includes('\\r') || text.includes('\\0');",
    replacement: 'const isUnsafe = (_text: string): boolean => false;',
  },
  'documents are escaped': {
    file: 'src/exchange/dialog-info/dialog-info.ts',
    text: '.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);',
    replacement: '.replace(/[&]/g, (character) => ENTITIES[character] ?? character);',
  },
  'cells are no formulas': {
    file: 'src/http/files/csv-file.ts',
    text: 'escape_formulas: true',
    replacement: 'escape_formulas: false',
  },
  'requests that change something come from our pages': {
    file: 'src/http/security.ts',
    text: 'if (origin === undefined ? ownOrNoSite(site) : origins.allows(origin, request.raw)) return;',
    replacement: 'if (origin !== "") return;',
  },
  'phones are our pages': {
    file: 'src/sip/transport/websocket.ts',
    text: 'if (origin !== undefined && allowsOrigin?.(origin, request) === false) {',
    replacement: 'if (origin === "") {',
  },
  'listeners are our pages': {
    file: 'src/http/http-server.ts',
    text: "else if (origin !== undefined && !origins.allows(origin, request)) refuse(socket, '403 Forbidden');",
    replacement: '',
  },
  'no page frames ours': {
    file: 'src/http/security.ts',
    text: `frameAncestors: ["'none'"],`,
    replacement: '',
  },
  'no old browser frames our pages': {
    file: 'src/http/security.ts',
    text: "xFrameOptions: { action: 'deny' },",
    replacement: 'xFrameOptions: false,',
  },
  'scripts are our files': {
    file: 'src/http/security.ts',
    text: `defaultSrc: ["'self'"],`,
    replacement: `defaultSrc: ["'self'", "'unsafe-inline'"],`,
  },
  'other sites do not send the cookie': {
    file: 'src/http/access/session-cookie.ts',
    text: "sameSite: 'strict',",
    replacement: "sameSite: 'none',",
  },
  'scripts do not read the cookie': {
    file: 'src/http/access/session-cookie.ts',
    text: "path: '/',\n    httpOnly: true,",
    replacement: "path: '/',",
  },
  'metrics are for who has the token': {
    file: 'src/http/routes/health.ts',
    text: 'return timingSafeEqual(hashOf(terminalToken(request)), hashOf(metricsToken));',
    replacement: 'return true;',
  },
  'links have so many uses': {
    file: 'src/management/terminals.ts',
    text: 'if (enrolment.usesLeft <= 0) return USED;',
    replacement: '',
  },
  'links have so many uses, at once too': {
    file: 'src/storage/sqlite/terminals.ts',
    text: ".where('uses_left', '>', 0),\n      );",
    replacement: ',\n      );',
  },
  'proxies are those that are trusted': {
    file: 'src/network/arrival.ts',
    text: 'const trusted = trustsProxy?.(peer) ?? false;',
    replacement: 'const trusted = true;',
  },
  'unknown addresses are refused like wrong passwords': {
    file: 'src/management/sessions.ts',
    text: 'if (!person) return WRONG_CREDENTIALS;',
    replacement:
      'if (people.length === 0) return ORGANIZATION_NEEDED; if (!person) return WRONG_CREDENTIALS;',
  },
  'as many digests for an unknown account': {
    file: 'src/sip/user-agent/authentication/digest.ts',
    text: 'const { ha1Md5, ha1Sha256 } = secrets ?? NOBODY;',
    replacement: 'if (secrets === undefined) return false; const { ha1Md5, ha1Sha256 } = secrets;',
  },
  'as many hashes for an unknown address': {
    file: 'src/management/sessions.ts',
    text: 'const checks = people.length === 0 ? [undefined] : people;',
    replacement: 'const checks = people;',
  },
  /** There is no line that could be left out: nothing writes what phones send to the log. This one does. */
  'what phones send is not logged': {
    file: 'src/edge/authenticator.ts',
    text: 'const credentials = parseCredentials(value);',
    replacement: 'console.error(value); const credentials = parseCredentials(value);',
  },
} as const satisfies Record<string, BrokenLine>;

export type GuardName = keyof typeof GUARDS;
