import type { Sound } from './sound.ts';

/** The tone that is sent (hertz): voice codecs keep it. */
const HERTZ = 1_000;
const GAIN = 0.25;
/** It must be this much louder than what is beside it (decibels): a voice or noise has no such peak. */
const PEAK_DB = 20;
/** And this loud at least (decibels). */
const LEAST_DB = -70;

/** A tone that is sent to the other end, and listened for in what comes back. */
export class EchoTone {
  /** What is to be sent. */
  readonly stream: MediaStream;
  readonly #context: AudioContext;
  readonly #release: () => void;
  readonly #oscillator: OscillatorNode;
  #source: MediaStreamAudioSourceNode | undefined;
  readonly #analyser: AnalyserNode;
  readonly #spectrum: Float32Array<ArrayBuffer>;
  /** Chromium gives an audio graph nothing of a remote stream that no element plays. */
  readonly #element = new Audio();

  constructor(sound: Sound) {
    const context = (this.#context = sound.context);
    this.#release = sound.use();
    this.#oscillator = new OscillatorNode(context, { frequency: HERTZ });
    const destination = new MediaStreamAudioDestinationNode(context);
    this.#oscillator.connect(new GainNode(context, { gain: GAIN })).connect(destination);
    this.#oscillator.start();
    this.stream = destination.stream;
    this.#analyser = new AnalyserNode(context, { fftSize: 2048, smoothingTimeConstant: 0 });
    this.#spectrum = new Float32Array(this.#analyser.frequencyBinCount);
  }

  /** The other end sends this. */
  listen(stream: MediaStream): void {
    this.#source?.disconnect();
    this.#element.muted = true;
    this.#element.srcObject = stream;
    void this.#element.play().catch(() => undefined);
    this.#source = this.#context.createMediaStreamSource(stream);
    this.#source.connect(this.#analyser);
  }

  /** Does the tone come back at this moment? */
  isHeard(): boolean {
    this.#analyser.getFloatFrequencyData(this.#spectrum);
    const bin = Math.round((HERTZ * this.#analyser.fftSize) / this.#context.sampleRate);
    const at = (offset: number): number => this.#spectrum[bin + offset] ?? -Infinity;
    const peak = Math.max(at(-1), at(0), at(1));
    const beside = Math.max(at(-12), at(-10), at(10), at(12));
    return peak > LEAST_DB && peak - beside > PEAK_DB;
  }

  close(): void {
    this.#oscillator.stop();
    for (const track of this.stream.getTracks()) track.stop();
    this.#source?.disconnect();
    this.#element.srcObject = null;
    this.#release();
  }
}
