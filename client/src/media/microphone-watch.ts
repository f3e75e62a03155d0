/** The state of a microphone: `silenced` where the system or the browser holds back its sound, `ended` for good. */
export type MicrophoneState = 'live' | 'silenced' | 'ended';

/** Some browsers fire no event for a track that ends (milliseconds). */
const LOOK_MS = 1_000;

/** Calls back whenever the state of the microphone changes; the returned function ends it. */
export function watchMicrophone(stream: MediaStream, onChange: (state: MicrophoneState) => void): () => void {
  const [track] = stream.getAudioTracks();
  if (track === undefined) return () => undefined;
  let state: MicrophoneState = 'live';
  const look = (): void => {
    const now = track.readyState === 'ended' ? 'ended' : track.muted ? 'silenced' : 'live';
    if (now === state || state === 'ended') return;
    state = now;
    onChange(now);
  };
  const onEnded = (): void => {
    if (state === 'ended') return;
    state = 'ended';
    onChange('ended');
  };
  track.addEventListener('ended', onEnded);
  track.addEventListener('mute', look);
  track.addEventListener('unmute', look);
  const timer = setInterval(look, LOOK_MS);
  return () => {
    clearInterval(timer);
    track.removeEventListener('ended', onEnded);
    track.removeEventListener('mute', look);
    track.removeEventListener('unmute', look);
  };
}
