/** What the browser does when a microphone is asked for: gives one with a voice, or one without a sound; refuses; or keeps asking. */
export type Answer = 'voice' | 'silence' | 'refusal' | 'question';

/** Stands for the browser's devices: nobody is asked anything, and a scene can pull the microphone. */
export class Devices extends EventTarget {
  answer: Answer = 'voice';
  /** What the browser says of the microphone, once it has been refused. */
  readonly permission = Object.assign(new EventTarget(), { state: 'denied' as PermissionState });
  readonly #context = new AudioContext();
  #tracks: MediaStreamTrack[] = [];

  getUserMedia(): Promise<MediaStream> {
    if (this.answer === 'question') return new Promise(() => undefined);
    if (this.answer === 'refusal') return Promise.reject(new DOMException('denied', 'NotAllowedError'));
    const stream =
      this.answer === 'voice' ? this.voice() : this.#context.createMediaStreamDestination().stream;
    this.#tracks = stream.getAudioTracks();
    return Promise.resolve(stream);
  }

  enumerateDevices(): Promise<MediaDeviceInfo[]> {
    return Promise.resolve([]);
  }

  getSupportedConstraints(): MediaTrackSupportedConstraints {
    return {};
  }

  /** The microphone is gone, and there is no other. */
  pull(): void {
    this.answer = 'refusal';
    for (const track of this.#tracks) {
      track.stop();
      track.dispatchEvent(new Event('ended'));
    }
  }

  /** Somebody's voice. */
  voice(): MediaStream {
    const node = this.#context.createMediaStreamDestination();
    const tone = new OscillatorNode(this.#context, { frequency: 440 });
    tone.connect(new GainNode(this.#context, { gain: 0.05 })).connect(node);
    tone.start();
    return node.stream;
  }
}
