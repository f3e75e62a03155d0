import type { Microphone } from '../microphone.ts';

/** A track that is controlled by the test. */
export class FakeTrack extends EventTarget {
  readonly kind = 'audio';
  readonly label: string;
  enabled = true;
  muted = false;
  readyState: MediaStreamTrackState = 'live';

  constructor(label: string) {
    super();
    this.label = label;
  }

  /** The page has stopped it: no event says so. */
  stop(): void {
    this.readyState = 'ended';
  }

  /** The device is gone. */
  end(): void {
    this.readyState = 'ended';
    this.dispatchEvent(new Event('ended'));
  }

  /** The system holds back its sound, or gives it again. */
  silence(muted: boolean): void {
    this.muted = muted;
    this.dispatchEvent(new Event(muted ? 'mute' : 'unmute'));
  }
}

/** A microphone of that name, and its track. */
export function fakeMicrophone(label: string): {
  readonly microphone: Microphone;
  readonly track: FakeTrack;
} {
  const track = new FakeTrack(label);
  const stream = { getTracks: () => [track], getAudioTracks: () => [track] } as unknown as MediaStream;
  return { microphone: { kind: 'live', stream }, track };
}

export const noMicrophone = (trouble: 'refused' | 'missing' | 'busy'): Microphone => ({
  kind: 'silent',
  stream: { getTracks: () => [], getAudioTracks: () => [] } as unknown as MediaStream,
  trouble,
});
