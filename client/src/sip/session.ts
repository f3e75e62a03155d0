import { CALL_ID_HEADER, callId, type CallId } from '@perch/shared';
import type { IncomingRequest, IncomingResponse } from 'jssip/lib/Dialog';
import type { OutgoingEvent, RTCSession } from 'jssip/lib/RTCSession';
import type { Ending, MediaState } from '../phone/calls/call.ts';
import {
  type DigitsMedia,
  type DigitsPath,
  digitsPath,
  type DigitsSetting,
} from '../phone/calls/digits-path.ts';
import type { TransferProgress } from '../phone/calls/transfer.ts';
import { sendDigitEvent } from './digits/digit-event.ts';
import { sendDigitInfo } from './digits/digit-info.ts';
import { DigitQueue } from './digits/digit-queue.ts';
import { holdOf, type SessionHold } from './hold.ts';
import { limitGathering } from './gathering.ts';
import { type EndEvent, endingFrom } from './ending.ts';
import { connectAnew } from './fresh-connection.ts';
import { type IceRecovery, recoverIce } from './ice-recovery.ts';
import { refer } from './refer.ts';
import { referredNumber, type ReferTarget } from './referred-number.ts';
import { pause } from '../world/timers.ts';

/** How long a key sounds and how long the silence after it lasts (milliseconds; RFC 4733 §2.5.2.1). */
const TONE_MS = 100;
const GAP_MS = 60;

/** What a session tells the call that it belongs to. */
export interface SessionListener {
  onProgress(earlyMedia: boolean): void;
  onAccepted(): void;
  onMedia(media: MediaState): void;
  onRemoteStream(stream: MediaStream): void;
  /** The other side has put this one on hold, or has taken it back. */
  onHeld(held: boolean): void;
  /** The server names the call, or names it anew. */
  onNamed(id: CallId): void;
  /** The other side asks for a call to this number (REFER, RFC 3515); returns whether it will be made, once this one is over. */
  onReferred(number: string): boolean;
  /** The server wants this session in place of the present one, which it ends itself (`Replaces`, RFC 3891). */
  onSuccessor(session: CallSession): void;
  onOver(ending: Ending): void;
}

export type Refusal = 302 | 408 | 486 | 603;

export interface OwnSound {
  readonly stream: MediaStream;
  readonly iceServers: RTCIceServer[];
}

interface ReplacesEvent {
  readonly request: IncomingRequest;
  readonly accept: (onSession: (session: RTCSession) => void) => void;
  readonly reject: () => void;
}

/** One SIP session, as the call that it belongs to knows it. */
export interface CallSession {
  /** The other side's number, as the signalling names it. */
  readonly number: string;
  readonly name: string;
  /** The id that the server has given the call; `null` until then. */
  readonly id: CallId | null;
  readonly connection: RTCPeerConnection | null;
  /** Do both sides know that it was answered (the ACK, RFC 3261 §13)? */
  readonly isConfirmed: boolean;
  listen(listener: SessionListener): void;
  answer(sound: OwnSound): void;
  /**
   * Refuses with a SIP status: 603 for a person who declines, 302 for one who lets the caller leave a message, 486 for a phone in a call, 408
   * where it was not answered.
   */
  reject(status: Refusal): void;
  hangUp(): void;
  /** Sends this sound from now on. */
  sendSound(stream: MediaStream): void;
  /** Puts the other side on hold, or takes it back, as soon as the call is answered and the line stands. */
  setHold(on: boolean): void;
  /**
   * Asks the server to put another in our place: anyone who answers at that number, or the other side of that session. The session is over
   * here once it is done.
   */
  transfer(to: string | CallSession, onProgress: (progress: TransferProgress) => void): void;
  /** Sends one key after earlier ones; one that cannot be sent yet is sent as soon as possible. */
  sendDigit(digit: string, setting: DigitsSetting): void;
  /** The line is back: broken media can be restored now, and a call with the server may turn out to be over. */
  lineRestored(withServer: boolean): void;
}

/** A session of JsSIP. Everything after its end is harmless. */
export class PhoneSession implements CallSession {
  readonly #session: RTCSession;
  readonly #lineStands: () => boolean;
  #listener: SessionListener | undefined;
  #id: CallId | null = null;
  isConfirmed = false;
  #wantsHold = false;
  #digitsSetting: DigitsSetting = 'automatic';
  readonly #digits = new DigitQueue({
    path: () =>
      this.isConfirmed ? digitsPath(this.#digitsSetting, this.#digitsMedia, this.#lineStands()) : null,
    send: (digit, path) => this.#send(digit, path),
  });
  #ice: IceRecovery | undefined;
  #hold: SessionHold | undefined;

  /**
   * `lineStands` tells whether a request can be sent: one on a dead line would end the call. `invite` is that of an incoming
   * call.
   */
  constructor(session: RTCSession, lineStands: () => boolean, invite?: IncomingRequest) {
    this.#session = session;
    this.#lineStands = lineStands;
    if (invite) this.#name(invite);
    // JsSIP would silence the microphone of a side that is on hold, and the music of one that holds, and not always give them back.
    Object.assign(session, { _toggleMuteAudio: () => undefined });
    limitGathering(session);
    connectAnew(session);
    session.on('peerconnection', ({ peerconnection }) => this.#watch(peerconnection));
    session.on('progress', ({ response }: Partial<OutgoingEvent>) => {
      if (response) this.#name(response);
      this.#listener?.onProgress(Boolean(response?.body));
    });
    session.on('accepted', ({ response }: Partial<OutgoingEvent>) => {
      if (response) this.#name(response);
      this.#listener?.onAccepted();
      if (this.connection) this.#listener?.onMedia(mediaStateOf(this.connection.connectionState));
    });
    session.on('confirmed', () => {
      this.isConfirmed = true;
      this.#hold?.resume();
      this.#digits.resume();
    });
    session.on('hold', ({ originator }) => this.#heldBy(originator, true));
    session.on('unhold', ({ originator }) => this.#heldBy(originator, false));
    session.on('reinvite', ({ request }) => this.#name(request as IncomingRequest));
    session.on('update', ({ request }) => this.#name(request as IncomingRequest));
    session.on('refer', ({ request, reject }) => {
      const { uri } = (request as unknown as { readonly refer_to: { readonly uri: ReferTarget } }).refer_to;
      const number = referredNumber(uri, session.local_identity.uri.host);
      // JsSIP has answered 202 by now; its `accept` would call at once, in the middle of this call and past our microphone.
      if (number === undefined || this.#listener?.onReferred(number) !== true) reject();
    });
    session.on('replaces', (event: unknown) => this.#succeeded(event as ReplacesEvent));
    const over = (event: unknown): void => this.#over(event as EndEvent);
    session.on('ended', over);
    session.on('failed', over);
    // Types say that it is always there; before the offer it is not.
    const connection = session.connection as RTCPeerConnection | null;
    if (connection) this.#watch(connection);
  }

  /* eslint-disable @typescript-eslint/no-unnecessary-type-assertion -- JsSIP declares these as if they were always there */
  get number(): string {
    return (this.#session.remote_identity.uri.user as string | null) ?? '';
  }

  get name(): string {
    return (this.#session.remote_identity.display_name as string | null) ?? '';
  }

  get id(): CallId | null {
    return this.#id;
  }

  get connection(): RTCPeerConnection | null {
    return this.#session.connection as RTCPeerConnection | null;
  }
  /* eslint-enable @typescript-eslint/no-unnecessary-type-assertion */

  listen(listener: SessionListener): void {
    this.#listener = listener;
  }

  answer({ stream, iceServers }: OwnSound): void {
    this.#session.answer({ mediaStream: stream, pcConfig: { iceServers } });
  }

  reject(status: Refusal): void {
    if (!this.#session.isEnded()) this.#session.terminate({ status_code: status });
  }

  hangUp(): void {
    if (!this.#session.isEnded()) this.#session.terminate();
  }

  sendSound(stream: MediaStream): void {
    const [track] = stream.getAudioTracks();
    if (track !== undefined) void this.#audioSender?.replaceTrack(track);
  }

  setHold(on: boolean): void {
    this.#wantsHold = on;
    this.#hold?.set(on);
  }

  transfer(to: string | CallSession, onProgress: (progress: TransferProgress) => void): void {
    const replaces = to instanceof PhoneSession ? to.#session : undefined;
    const number = typeof to === 'string' ? to : to.number;
    const { host } = this.#session.local_identity.uri;
    refer(this.#session, `sip:${number.replaceAll('#', '%23')}@${host}`, replaces, onProgress);
  }

  get #digitsMedia(): DigitsMedia {
    const sender = this.#audioSender;
    // Events replace sound in the track: one that has ended sends neither.
    const stands =
      this.connection?.connectionState === 'connected' &&
      sender?.dtmf?.canInsertDTMF === true &&
      sender.track?.readyState === 'live';
    if (!stands) return 'none';
    const isHeard = this.connection
      .getReceivers()
      .some((receiver) => receiver.getSynchronizationSources().length > 0);
    return isHeard ? 'heard' : 'stands';
  }

  get #audioSender(): RTCRtpSender | undefined {
    return this.connection?.getSenders().find(({ track }) => track?.kind === 'audio');
  }

  sendDigit(digit: string, setting: DigitsSetting): void {
    this.#digitsSetting = setting;
    if (!this.#session.isEnded()) this.#digits.add(digit);
  }

  lineRestored(withServer: boolean): void {
    this.#hold?.resume();
    this.#ice?.lineRestored(withServer);
    this.#digits.resume();
  }

  async #send(digit: string, path: DigitsPath): Promise<boolean> {
    const dtmf = this.#audioSender?.dtmf;
    if (path === 'rfc4733') return dtmf ? sendDigitEvent(dtmf, digit, TONE_MS, GAP_MS) : false;
    const sounded = pause(TONE_MS + GAP_MS);
    const arrived = await sendDigitInfo(this.#session, digit, TONE_MS);
    await sounded;
    return arrived;
  }

  /** A message of the server in this dialog: says which call it belongs to. */
  #name(message: IncomingRequest | IncomingResponse): void {
    const name = message.getHeader(CALL_ID_HEADER);
    if (name === undefined || name === this.#id) return;
    this.#id = callId(name);
    this.#listener?.onNamed(this.#id);
  }

  #succeeded({ request, accept, reject }: ReplacesEvent): void {
    let successor: PhoneSession | undefined;
    accept((session) => {
      // JsSIP would end the old session then; the server does so, with the reason.
      session.removeAllListeners('confirmed');
      successor = new PhoneSession(session, this.#lineStands, request);
    });
    if (successor !== undefined && this.#listener !== undefined) this.#listener.onSuccessor(successor);
    else reject();
  }

  #watch(connection: RTCPeerConnection): void {
    (this.#ice ??= recoverIce(this.#session, this.#lineStands)).watch(connection);
    (this.#hold ??= holdOf(this.#session, this.#lineStands)).set(this.#wantsHold);
    connection.addEventListener('connectionstatechange', () => {
      if (connection !== this.connection) return;
      this.#listener?.onMedia(mediaStateOf(connection.connectionState));
      this.#digits.resume();
    });
    connection.addEventListener('track', ({ streams, track }) =>
      this.#listener?.onRemoteStream(streams[0] ?? new MediaStream([track])),
    );
  }

  #heldBy(originator: 'local' | 'remote' | 'system', held: boolean): void {
    if (originator === 'remote') this.#listener?.onHeld(held);
  }

  #over({ originator, message, cause }: EndEvent): void {
    this.#ice?.stop();
    this.#hold?.stop();
    this.#digits.close();
    this.#listener?.onOver(endingFrom(originator, message, cause));
  }
}

function mediaStateOf(state: RTCPeerConnectionState): MediaState {
  if (state === 'connected') return 'flowing';
  return state === 'disconnected' || state === 'failed' ? 'interrupted' : 'connecting';
}
