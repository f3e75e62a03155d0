import { type Invitation, Inviter, Registerer, type Session, type URI, UserAgent, type Web } from 'sip.js';

/** A phone made of SIP.js, in a browser: a client that shares no line with Perch's own. */
export interface SipJsPhone {
  register(account: {
    readonly server: string;
    readonly domain: string;
    readonly user: string;
    readonly username: string;
    readonly password: string;
  }): Promise<void>;
  call(number: string): Promise<void>;
  /** Who is calling; resolves when it rings. */
  ringing(): Promise<string>;
  answer(): Promise<void>;
  /** Sends the other side of the last call to that number. */
  transfer(number: string): Promise<void>;
  /** Joins the other sides of the last two calls. */
  join(): Promise<void>;
  hangUp(): Promise<void>;
  /** The state of the last call, as SIP.js names it. */
  readonly state: string;
}

let userAgent: UserAgent;
let session: Session | undefined;
/** That of the call before. */
let before: Session | undefined;
let incoming: (invitation: Invitation) => void;
let invited = new Promise<Invitation>((resolve) => (incoming = resolve));

/** Puts the other side's sound on the page's audio element, early media too, as Perch's pages do. */
function carry(next: Session): void {
  [before, session] = [session, next];
  next.delegate = {
    onSessionDescriptionHandler: (handler) => {
      const audio = document.querySelector<HTMLAudioElement>('#remote-audio');
      if (audio) audio.srcObject = (handler as Web.SessionDescriptionHandler).remoteMediaStream;
    },
  };
}

function address(user: string, domain: string): URI {
  const uri = UserAgent.makeURI(`sip:${user}@${domain}`);
  if (!uri) throw new Error(`${user}@${domain} is no SIP address`);
  return uri;
}

const phone: SipJsPhone = {
  async register({ server, domain, user, username, password }) {
    userAgent = new UserAgent({
      uri: address(user, domain),
      transportOptions: { server },
      authorizationUsername: username,
      authorizationPassword: password,
      logLevel: 'error',
      delegate: {
        onInvite: (invitation) => {
          carry(invitation);
          incoming(invitation);
        },
      },
    });
    await userAgent.start();
    const registerer = new Registerer(userAgent);
    await new Promise<void>((resolve, reject) => {
      registerer.stateChange.addListener((state) => {
        if ((state as string) === 'Registered') resolve();
        else reject(new Error(`SIP.js is ${state}`));
      });
      void registerer.register();
    });
  },
  async call(number) {
    const inviter = new Inviter(userAgent, address(number, userAgent.configuration.uri.host), {
      earlyMedia: true,
      sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } },
    });
    carry(inviter);
    await inviter.invite();
  },
  async ringing() {
    const invitation = await invited;
    return invitation.remoteIdentity.displayName;
  },
  async answer() {
    const invitation = await invited;
    invited = new Promise((resolve) => (incoming = resolve));
    await invitation.accept({
      sessionDescriptionHandlerOptions: { constraints: { audio: true, video: false } },
    });
  },
  async transfer(number) {
    await session?.refer(address(number, userAgent.configuration.uri.host));
  },
  async join() {
    if (session) await before?.refer(session);
  },
  async hangUp() {
    await session?.bye();
  },
  get state() {
    return session?.state ?? 'none';
  },
};

declare global {
  interface Window {
    sipJsPhone: SipJsPhone;
  }
}
window.sipJsPhone = phone;
