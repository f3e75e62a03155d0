import type { ActiveCall } from '../calls/active-call.svelte.ts';

/** What the Media Session of calls has, which is in no library of types yet. */
type CallAction = 'hangup' | 'togglemicrophone' | 'enterpictureinpicture';
interface CallSession {
  setActionHandler(action: CallAction, handler: (() => void) | null): void;
  setMicrophoneActive?(active: boolean): void;
  metadata: MediaMetadata | null;
  playbackState: MediaSessionPlaybackState;
}

const sessionHere = (): CallSession | undefined =>
  (navigator as { readonly mediaSession?: unknown }).mediaSession as CallSession | undefined;

/** Keys of headsets and the system's controls hang up and mute this call, until the returned function is called. */
export function followMediaKeys(call: Pick<ActiveCall, 'hangUp' | 'toggleMute'>): () => void {
  const session = sessionHere();
  if (session === undefined) return () => undefined;
  handle(session, 'hangup', call.hangUp);
  handle(session, 'togglemicrophone', call.toggleMute);
  session.playbackState = 'playing';
  return () => {
    for (const action of ['hangup', 'togglemicrophone'] as const) handle(session, action, null);
    session.playbackState = 'none';
  };
}

/** The browser asks for a small window beside the page's own, until the returned function is called. */
export function followPictureInPicture(open: () => void): () => void {
  const session = sessionHere();
  if (session === undefined) return () => undefined;
  handle(session, 'enterpictureinpicture', open);
  return () => handle(session, 'enterpictureinpicture', null);
}

/** What the system shows of the microphone. */
export function showMuted(muted: boolean): void {
  sessionHere()?.setMicrophoneActive?.(!muted);
}

/** Beside its controls the system shows who this call is with, until the returned function is called. */
export function showWith(who: string): () => void {
  const session = sessionHere();
  if (session === undefined) return () => undefined;
  const artwork = [{ src: '/icon-192.png', sizes: '192x192', type: 'image/png' }];
  session.metadata = new MediaMetadata({ title: who, artwork });
  return () => {
    session.metadata = null;
  };
}

/** A browser that does not know an action throws. */
function handle(session: CallSession, action: CallAction, handler: (() => void) | null): void {
  try {
    session.setActionHandler(action, handler);
  } catch {
    // Then its keys are for something else.
  }
}
