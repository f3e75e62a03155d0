import { type Inviter, type Session, SessionState, Subscriber, UserAgent, Web } from 'sip.js';

/**
 * A phone made of SIP.js and its own `SessionManager`, in a browser: a client that shares no line with Perch's own. Of several calls one is
 * at hand: the one that was made, answered or resumed last.
 */
export interface SipJsPhone {
  register(account: {
    readonly server: string;
    readonly domain: string;
    readonly user: string;
    readonly username: string;
    readonly password: string;
  }): Promise<void>;
  call(number: string): Promise<void>;
  /** Who is calling, or an empty text. */
  readonly caller: string;
  answer(): Promise<void>;
  hangUp(): Promise<void>;
  /** The call at hand. */
  hold(): Promise<void>;
  resume(): Promise<void>;
  /** Holds the call at hand, and resumes the other one. */
  swap(): Promise<void>;
  /** REFER of the call at hand to a number. */
  transfer(number: string): Promise<void>;
  /** REFER of the other call, with the call at hand to be replaced: their other sides are to talk with each other. */
  connect(): Promise<void>;
  /** What the server has said of the last transfer (RFC 3515 §2.4.5), such as `SIP/2.0 200 OK`; empty before it says how it went. */
  readonly transferred: string;
  /** Calls that have been answered. */
  readonly calls: number;
  /** SUBSCRIBE to the calls of an extension (RFC 4235). */
  watch(number: string): Promise<void>;
  /** The states of its dialogs, as the documents so far say. */
  readonly watched: readonly string[];
}

interface Line {
  readonly session: Session;
  readonly loudspeaker: HTMLAudioElement;
}

let manager: Web.SessionManager;
let domain = '';
let lines: readonly Line[] = [];
let transferred = '';
const watched = new Map<string, string>();
let version = -1;

const isRinging = ({ session }: Line): boolean =>
  session.state === SessionState.Initial && 'accept' in session;

function atHand(): Session {
  const [line] = lines.filter((each) => !isRinging(each)).slice(-1);
  if (line === undefined) throw new Error('SIP.js has no call');
  return line.session;
}

function other(): Session {
  const line = lines.filter(({ session }) => session !== atHand()).at(-1);
  if (line === undefined) throw new Error('SIP.js has no second call');
  return line.session;
}

function lineOf(session: Session): Line {
  const line = lines.find((each) => each.session === session);
  if (line === undefined) throw new Error('SIP.js has no such call');
  return line;
}

/** Each call has a loudspeaker of its own; that of the call at hand is the one that the tests listen to. */
function take(session: Session): void {
  const line = lineOf(session);
  lines = [...lines.filter((each) => each !== line), line];
  for (const { loudspeaker } of lines)
    loudspeaker.id = loudspeaker === line.loudspeaker ? 'remote-audio' : '';
}

function add(session: Session): void {
  const loudspeaker = Object.assign(document.createElement('audio'), { muted: true });
  document.body.append(loudspeaker);
  lines = [...lines, { session, loudspeaker }];
}

function drop(session: Session): void {
  lineOf(session).loudspeaker.remove();
  lines = lines.filter((each) => each.session !== session);
}

const refer = async (session: Session, target: string | Session): Promise<void> => {
  transferred = '';
  await manager.transfer(session, target, {
    onNotify: (notification) => {
      const [status = ''] = notification.request.body.split('\r\n');
      if (!status.startsWith('SIP/2.0 1')) transferred = status;
      void notification.accept();
    },
  });
};

/** Takes a document in, as RFC 4235 §4.3 has it: the next one only, and only XML. */
function read(body: string): void {
  const { documentElement: info } = new DOMParser().parseFromString(body, 'application/xml');
  if (info.localName !== 'dialog-info') throw new Error(`no dialog-info: ${body}`);
  const next = Number(info.getAttribute('version'));
  if (info.getAttribute('state') === 'full') watched.clear();
  else if (next !== version + 1) throw new Error(`version ${next} after ${version}`);
  version = next;
  for (const dialog of info.getElementsByTagName('dialog'))
    watched.set(dialog.id, dialog.querySelector('state')?.textContent ?? '');
}

const phone: SipJsPhone = {
  async register(account) {
    domain = account.domain;
    manager = new Web.SessionManager(account.server, {
      aor: `sip:${account.user}@${account.domain}`,
      media: {
        constraints: { audio: true, video: false },
        remote: (session) => ({ audio: lineOf(session).loudspeaker }),
      },
      maxSimultaneousSessions: 2,
      userAgentOptions: {
        authorizationUsername: account.username,
        authorizationPassword: account.password,
        logLevel: 'error',
      },
    });
    const registered = new Promise<void>((resolve) => {
      manager.delegate = {
        onRegistered: resolve,
        onCallCreated: add,
        // Without it, SIP.js turns every call away.
        onCallReceived: () => undefined,
        onCallAnswered: take,
        onCallHangup: drop,
      };
    });
    await manager.connect();
    await manager.register();
    await registered;
  },
  async call(number) {
    const inviter: Inviter = await manager.call(`sip:${number}@${domain}`, { earlyMedia: true });
    take(inviter);
  },
  get caller() {
    return lines.find(isRinging)?.session.remoteIdentity.displayName ?? '';
  },
  async answer() {
    const line = lines.find(isRinging);
    if (line !== undefined) await manager.answer(line.session);
  },
  hangUp: () => manager.hangup(atHand()),
  hold: () => manager.hold(atHand()),
  async resume() {
    await manager.unhold(atHand());
  },
  async swap() {
    const next = other();
    if (!manager.isHeld(atHand())) await manager.hold(atHand());
    take(next);
    await manager.unhold(next);
  },
  transfer: (number) => refer(atHand(), `sip:${number}@${domain}`),
  connect: () => refer(other(), atHand()),
  get transferred() {
    return transferred;
  },
  get calls() {
    return lines.filter(({ session }) => session.state === SessionState.Established).length;
  },
  async watch(number) {
    const uri = UserAgent.makeURI(`sip:${number}@${domain}`);
    if (uri === undefined) throw new Error(`${number} is no address`);
    const subscriber = new Subscriber(manager.userAgent, uri, 'dialog');
    const told = new Promise<void>((resolve) => {
      subscriber.delegate = {
        onNotify: (notification) => {
          read(notification.request.body);
          void notification.accept();
          resolve();
        },
      };
    });
    await subscriber.subscribe();
    await told;
  },
  get watched() {
    return [...watched.values()];
  },
};

declare global {
  interface Window {
    sipJsPhone: SipJsPhone;
  }
}
window.sipJsPhone = phone;
