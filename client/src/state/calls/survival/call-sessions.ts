import type { MediaState } from '../../../phone/calls/call.ts';
import type { CallSession, SessionListener } from '../../../sip/session.ts';

export interface CallSessionsParts {
  /** Hears the session that the call has; of one that is about to take its place, nothing until it has been answered. */
  readonly listener: Omit<SessionListener, 'onSuccessor'>;
  /** The call has this session from now on. */
  readonly onBegun: (session: CallSession) => void;
  /** The server wants another session in place of this one: it is answered at once, or refused. */
  readonly onOffered: (session: CallSession) => void;
}

/** What was last heard of a session. */
interface Heard {
  stream?: MediaStream;
  media?: MediaState;
}

/**
 * The session of one call, and the one that is about to take its place (re-seating, docs/sip-profile.md). The old one goes on
 * until the new one has been answered, and is heard until the new one sounds. The server ends it; where it ends the new one instead, as it was
 * started anew before it had stored that, the call has the old one again.
 */
export class CallSessions {
  readonly #parts: CallSessionsParts;
  #current: CallSession | undefined;
  #successor: CallSession | undefined;
  /** The one before the present one, until the server has ended it. */
  #former: CallSession | undefined;
  readonly #heard = new WeakMap<CallSession, Heard>();
  /** The present session is over, and another one is to go on with the call. */
  #isEnded = false;

  constructor(parts: CallSessionsParts) {
    this.#parts = parts;
  }

  get current(): CallSession | undefined {
    return this.#current;
  }

  /** The first session of the call. */
  begin(session: CallSession): void {
    this.#current = session;
    this.#follow(session, false);
    this.#parts.onBegun(session);
  }

  /** The call rings here once more: where our answer was lost with the line, it is given again. `false` where it was not. */
  offerAgain(session: CallSession): boolean {
    if (this.#current?.isConfirmed !== false) return false;
    this.#offer(session);
    return true;
  }

  /** That session takes the place of the present one once it has been answered; where it fails, nothing changes. */
  succeed(session: CallSession): void {
    this.#successor?.hangUp();
    this.#successor = session;
    this.#follow(session, true);
  }

  hangUp(): void {
    this.#current?.hangUp();
    this.drop();
  }

  /** There are no other sessions beside the present one any more. */
  drop(): void {
    const [former, successor] = [this.#former, this.#successor];
    this.#former = this.#successor = undefined;
    former?.hangUp();
    successor?.hangUp();
  }

  #follow(session: CallSession, isSuccessor: boolean): void {
    const { listener } = this.#parts;
    /** A successor is not heard until it sounds. */
    let sounds = !isSuccessor;
    const isCurrent = (): boolean => this.#current === session;
    const heard: Heard = {};
    this.#heard.set(session, heard);
    session.listen({
      onProgress: (earlyMedia) => {
        if (isCurrent()) listener.onProgress(earlyMedia);
      },
      onAccepted: () => {
        if (this.#successor === session) this.#promote(session);
        if (isCurrent()) listener.onAccepted();
      },
      onMedia: (media) => {
        heard.media = media;
        if (!isCurrent()) return;
        listener.onMedia(media);
        if (media !== 'flowing' || sounds) return;
        sounds = true;
        if (heard.stream !== undefined) listener.onRemoteStream(heard.stream);
      },
      onRemoteStream: (stream) => {
        heard.stream = stream;
        if (sounds && isCurrent()) listener.onRemoteStream(stream);
      },
      onNamed: (id) => {
        if (isCurrent()) listener.onNamed(id);
      },
      onHeld: (there) => {
        if (isCurrent()) listener.onHeld(there);
      },
      onReferred: (number) => isCurrent() && listener.onReferred(number),
      onSuccessor: (next) => {
        if (isCurrent() || session === this.#former) this.#offer(next);
        else next.reject(486);
      },
      onOver: (ending) => {
        if (isCurrent()) {
          if (ending === 'connection' && this.#fallBack()) return;
          // The BYE may be here before the browser has taken the answer of the successor; and the server does not know a session whose answer it
          // has not heard, but rings once more.
          this.#isEnded = this.#successor !== undefined && (ending === 'moved' || ending === 'connection');
          if (!this.#isEnded) listener.onOver(ending);
        } else if (this.#successor === session) {
          this.#successor = undefined;
          if (this.#isEnded) listener.onOver(ending);
        } else if (this.#former === session) {
          this.#former = undefined;
        }
      },
    });
  }

  #offer(session: CallSession): void {
    this.succeed(session);
    this.#parts.onOffered(session);
  }

  /** Returns whether there is a session to go on with. */
  #fallBack(): boolean {
    const { listener, onBegun } = this.#parts;
    const former = this.#former;
    if (former === undefined) return false;
    const { stream, media } = this.#heard.get(former) ?? {};
    this.#current = former;
    this.#former = undefined;
    onBegun(former);
    if (stream !== undefined) listener.onRemoteStream(stream);
    if (media !== undefined) listener.onMedia(media);
    return true;
  }

  #promote(session: CallSession): void {
    this.#former = this.#isEnded ? undefined : this.#current;
    this.#current = session;
    this.#successor = undefined;
    this.#isEnded = false;
    this.#parts.onBegun(session);
    if (session.id !== null) this.#parts.listener.onNamed(session.id);
  }
}
