/** The parameter of a node: remembers the volumes that were set. */
class FakeParam {
  value: number;
  readonly levels: number[] = [];

  constructor(value = 1) {
    this.value = value;
  }

  setValueAtTime(value: number): void {
    this.levels.push(value);
  }

  linearRampToValueAtTime(value: number): void {
    this.levels.push(value);
  }
}

/** An `AudioContext` without a loudspeaker; `contexts` has every one that was made, oldest first. */
export class FakeAudioContext {
  static readonly contexts: FakeAudioContext[] = [];
  readonly destination = {};
  readonly currentTime = 0;
  state: AudioContextState = 'suspended';
  /** The device that it was sent to last. */
  sink: string | undefined;
  /** The device that is not there. */
  missing: string | undefined;
  readonly gains: FakeGain[] = [];
  readonly oscillators: FakeOscillator[] = [];

  constructor() {
    FakeAudioContext.contexts.push(this);
  }

  resume(): Promise<void> {
    this.state = 'running';
    return Promise.resolve();
  }

  suspend(): Promise<void> {
    this.state = 'suspended';
    return Promise.resolve();
  }

  close(): Promise<void> {
    this.state = 'closed';
    return Promise.resolve();
  }

  setSinkId(id: string): Promise<void> {
    if (id === this.missing) return Promise.reject(new DOMException('gone', 'NotFoundError'));
    this.sink = id;
    return Promise.resolve();
  }

  /** The frequencies that sound now (hertz). */
  get sounding(): readonly number[] {
    return this.oscillators.filter(({ isOn }) => isOn).map(({ frequency }) => frequency);
  }
}

export class FakeGain {
  readonly gain: FakeParam;

  constructor(context: FakeAudioContext, { gain }: { readonly gain: number }) {
    this.gain = new FakeParam(gain);
    context.gains.push(this);
  }

  connect(): void {
    // Nothing is heard.
  }

  disconnect(): void {
    // Nothing was.
  }
}

export class FakeOscillator {
  readonly frequency: number;
  isOn = false;

  constructor(context: FakeAudioContext, { frequency }: { readonly frequency: number }) {
    this.frequency = frequency;
    context.oscillators.push(this);
  }

  connect(): void {
    // Nothing is heard.
  }

  start(): void {
    this.isOn = true;
  }

  stop(): void {
    this.isOn = false;
  }
}
