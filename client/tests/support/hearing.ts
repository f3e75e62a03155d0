import { readFile } from 'node:fs/promises';
import { type BrowserContext, expect, type Page } from '@playwright/test';
import { language } from './words.ts';

/** What comes out of a page's loudspeaker at this moment, as decibels of each band of `bandwidth` Hz. */
interface Sound {
  readonly spectrum: Float32Array;
  readonly bandwidth: number;
}

const SILENCE_DECIBELS = -70;
const TOLERANCE_HERTZ = 6;
/** How much softer than the loudest one a tone is heard at least: voices in a conference are equally loud. */
const MASKED_DECIBELS = 20;
/**
 * Speech is compared below 2 kHz, which is enough to tell sentences apart, in chunks of 0.15 s: the jitter buffer
 * stretches longer ones. What was spoken is then alike by 0.93 and more, anything else by 0.7 and less.
 */
const SPEECH_RATE = 4_000;
const CHUNK = 600;
const ALIKE = 0.8;

/** What is listened to: the other side of the page's call, or the recording that it plays. */
type Source = 'call' | 'recording';

/** An audio element's sound, which the types of the DOM do not know yet. */
declare global {
  interface HTMLAudioElement {
    captureStream(): MediaStream;
  }
}

/** Listens for as long as the analyser's window is: a third of a second of the page's own sound, however late it begins. */
async function listen(page: Page, source: Source): Promise<Sound> {
  return page.evaluate(async (what) => {
    const id = what === 'call' ? '#remote-audio' : '#recording-audio';
    const audio = document.querySelector<HTMLAudioElement>(id);
    const stream = what === 'call' ? audio?.srcObject : audio?.captureStream();
    if (!(stream instanceof MediaStream) || stream.getAudioTracks().length === 0) {
      return { spectrum: new Float32Array(), bandwidth: 1 };
    }
    const context = new AudioContext();
    const analyser = new AnalyserNode(context, { fftSize: 16_384, smoothingTimeConstant: 0 });
    context.createMediaStreamSource(stream).connect(analyser);
    const heardAll = (): boolean => context.currentTime * context.sampleRate > analyser.fftSize;
    while (!heardAll()) await new Promise((resolve) => setTimeout(resolve, 20));
    const spectrum = new Float32Array(analyser.frequencyBinCount);
    analyser.getFloatFrequencyData(spectrum);
    await context.close();
    return { spectrum, bandwidth: context.sampleRate / analyser.fftSize };
  }, source);
}

/** The strongest tone of all, in Hz and decibels. */
function strongest({ spectrum, bandwidth }: Sound): { readonly hertz: number; readonly decibels: number } {
  const decibels = spectrum.reduce((most, each) => Math.max(most, each), -Infinity);
  return { hertz: spectrum.indexOf(decibels) * bandwidth, decibels };
}

/** The page hears that tone: the microphone of the browser at the other end, now or in the recording that plays. */
export async function expectTone(page: Page, hertz: number, source: Source = 'call'): Promise<void> {
  await expect
    .poll(
      async () => {
        const tone = strongest(await listen(page, source));
        return tone.decibels > SILENCE_DECIBELS ? Math.abs(tone.hertz - hertz) : Infinity;
      },
      { message: `a tone of ${String(hertz)} Hz is heard`, timeout: 15_000, intervals: [100] },
    )
    .toBeLessThan(TOLERANCE_HERTZ);
}

/** Of the tones `among`, the page hears these, all at once and about equally loud, and no others. */
export async function expectTones(
  page: Page,
  tones: readonly number[],
  among: readonly number[],
): Promise<void> {
  const heard = async (): Promise<number[]> => {
    const sound = await listen(page, 'call');
    const { decibels } = strongest(sound);
    if (decibels < SILENCE_DECIBELS) return [];
    return among.filter((hertz) => levelAt(sound, hertz) > decibels - MASKED_DECIBELS);
  };
  await expect
    .poll(heard, {
      message: `tones of ${tones.join(', ')} Hz are heard`,
      timeout: 15_000,
      intervals: [100],
    })
    .toEqual(among.filter((hertz) => tones.includes(hertz)));
}

/** Of a tone of about so many Hz, in decibels. */
function levelAt({ spectrum, bandwidth }: Sound, hertz: number): number {
  const [from, to] = [hertz - TOLERANCE_HERTZ, hertz + TOLERANCE_HERTZ].map((edge) =>
    Math.round(edge / bandwidth),
  );
  return Math.max(...spectrum.slice(from, to));
}

export async function expectSilence(page: Page): Promise<void> {
  await expect
    .poll(async () => strongest(await listen(page, 'call')).decibels, {
      message: 'nothing is heard',
      intervals: [100],
    })
    .toBeLessThan(SILENCE_DECIBELS);
}

declare global {
  interface Window {
    perchRecording?: { readonly samples: number[]; readonly stop: () => void };
  }
}

/** Records what the page's loudspeaker plays, from now on and across calls or recordings, until `recorded`. */
export async function record(page: Page, source: Source = 'call'): Promise<void> {
  await page.evaluate(
    ([sampleRate, what]) => {
      window.perchRecording?.stop();
      const samples: number[] = [];
      const context = new AudioContext({ sampleRate });
      /* eslint-disable @typescript-eslint/no-deprecated -- an AudioWorklet would need a file that the pages' policy lets in */
      const tape = context.createScriptProcessor(1024, 1, 1);
      tape.onaudioprocess = (event) => {
        for (const sample of event.inputBuffer.getChannelData(0)) samples.push(Math.round(sample * 0x7fff));
      };
      /* eslint-enable @typescript-eslint/no-deprecated */
      tape.connect(context.destination);
      let captured: { readonly of: HTMLAudioElement; readonly stream: MediaStream } | undefined;
      const capture = (): MediaStream | undefined => {
        const audio = document.querySelector<HTMLAudioElement>('#recording-audio');
        if (audio !== null && captured?.of !== audio) captured = { of: audio, stream: audio.captureStream() };
        return captured?.stream;
      };
      let current: MediaStreamTrack | undefined;
      let source: MediaStreamAudioSourceNode | undefined;
      const plug = (): void => {
        const stream =
          what === 'call' ? document.querySelector<HTMLAudioElement>('#remote-audio')?.srcObject : capture();
        const track = stream instanceof MediaStream ? stream.getAudioTracks()[0] : undefined;
        if (track === current) return;
        source?.disconnect();
        current = track;
        source = track && context.createMediaStreamSource(new MediaStream([track]));
        source?.connect(tape);
      };
      const plugging = setInterval(plug, 20);
      window.perchRecording = {
        samples,
        stop: () => {
          clearInterval(plugging);
          void context.close();
        },
      };
    },
    [SPEECH_RATE, source] as const,
  );
}

async function recorded(page: Page): Promise<Float64Array> {
  const samples = await page.evaluate(() => Int16Array.from(window.perchRecording?.samples ?? []));
  return Float64Array.from(samples);
}

/** Levels are compared in windows of 20 ms. */
const WINDOW = SPEECH_RATE / 50;
/** A hundredth of the loudness of a voice (see tone.ts). */
const HEARD = 90;

/** The longest time without any sound, from the beginning of the recording to its last sound (milliseconds). */
export async function longestSilence(page: Page): Promise<number> {
  const heard = await recorded(page);
  let longest = 0;
  let silentSince = 0;
  for (let start = 0; start + WINDOW <= heard.length; start += WINDOW) {
    if (level(heard, start, WINDOW) < HEARD) continue;
    longest = Math.max(longest, start - silentSince);
    silentSince = start + WINDOW;
  }
  return (longest * 1_000) / SPEECH_RATE;
}

/** A sound of the server's, in the language of the pages. */
const soundFile = (sound: string): URL =>
  new URL(`../../../server/prompts/${language()}/${sound}.opus`, import.meta.url);

/** The recording holds these sounds of the server's, each spoken from its beginning to its end. */
export async function expectUtterance(page: Page, sounds: readonly string[]): Promise<void> {
  for (const sound of sounds) {
    const likeness = likenessTo(await decode(page, soundFile(sound)));
    await expect
      .poll(async () => likeness(await recorded(page)), {
        message: `${sound} is heard`,
        timeout: 20_000,
        intervals: [500],
      })
      .toBeGreaterThan(ALIKE);
  }
}

async function decode(page: Page, file: URL): Promise<Float64Array> {
  const octets = (await readFile(file)).toString('base64');
  const samples = await page.evaluate(
    async ([base64, sampleRate]) => {
      const file = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
      const context = new OfflineAudioContext(1, 1, sampleRate);
      return (await context.decodeAudioData(file.buffer)).getChannelData(0);
    },
    [octets, SPEECH_RATE] as const,
  );
  return Float64Array.from(samples);
}

/**
 * How alike the loud chunks of `reference` are to the best places for them in what is heard: the median of -1 to 1. It is
 * asked again while the recording grows, and compares only what has been added to it.
 */
function likenessTo(reference: Float64Array): (heard: Float64Array) => number {
  const loud = level(reference, 0, reference.length) / 2;
  const chunks: { readonly samples: Float64Array; best: number }[] = [];
  for (let start = 0; start + CHUNK <= reference.length; start += CHUNK) {
    const samples = reference.subarray(start, start + CHUNK);
    if (level(samples, 0, CHUNK) >= loud) chunks.push({ samples, best: 0 });
  }
  let compared = 0;
  return (heard) => {
    const added = heard.subarray(Math.max(0, compared - CHUNK));
    compared = heard.length;
    for (const chunk of chunks) chunk.best = Math.max(chunk.best, bestMatch(added, chunk.samples));
    return chunks.map(({ best }) => best).sort((a, b) => a - b)[Math.floor(chunks.length / 2)] ?? 0;
  };
}

const level = (samples: Float64Array, start: number, length: number): number => {
  let energy = 0;
  for (const sample of samples.subarray(start, start + length)) energy += sample * sample;
  return Math.sqrt(energy / length);
};

/** The highest normalized cross-correlation of a chunk with any place of the recording. */
function bestMatch(heard: Float64Array, chunk: Float64Array): number {
  let best = 0;
  const chunkNorm = level(chunk, 0, chunk.length) * Math.sqrt(chunk.length);
  let energy = 0;
  for (let at = 0; at < heard.length; at++) {
    const entering = heard[at] ?? 0;
    const leaving = heard[at - chunk.length] ?? 0;
    energy += entering * entering - leaving * leaving;
    const start = at - chunk.length + 1;
    if (start < 0 || energy < chunk.length) continue;
    let product = 0;
    for (let n = 0; n < chunk.length; n++) product += (chunk[n] ?? 0) * (heard[start + n] ?? 0);
    best = Math.max(best, product / (chunkNorm * Math.sqrt(energy)));
  }
  return best;
}

declare global {
  interface Window {
    /** What the page itself plays beside the call: one for each audio context, as the ringer has its own. */
    perchOwnSounds?: AnalyserNode[];
  }
}

/** In pages that are opened from now on, `expectOwnTone` hears what they play themselves. */
export async function hearOwnTones(context: BrowserContext): Promise<void> {
  await context.addInitScript(keepOwnSounds);
}

/** For a page in which it runs before all else. */
export function keepOwnSounds(): void {
  const { connect } = AudioNode.prototype as { connect: (...given: unknown[]) => unknown };
  Object.assign(AudioNode.prototype, {
    connect(this: AudioNode, ...given: unknown[]): unknown {
      if (given[0] instanceof AudioDestinationNode) {
        const sounds = (window.perchOwnSounds ??= []);
        let sound = sounds.find(({ context: other }) => other === this.context);
        if (sound === undefined) {
          sound = new AnalyserNode(this.context, { fftSize: 4096, smoothingTimeConstant: 0 });
          sounds.push(sound);
        }
        connect.call(this, sound);
      }
      return connect.apply(this, given);
    },
  });
}

/** The page plays that tone, to the person in front of it: also one of short beeps with long pauses between them. */
export async function expectOwnTone(page: Page, hertz: number): Promise<void> {
  await expect
    .poll(() => page.evaluate(loudestOwnTone), {
      message: `the page plays a tone of ${String(hertz)} Hz`,
      intervals: [0],
    })
    .toBeCloseTo(hertz, -1);
}

/** The output devices that are in use at this moment, by their names; `''` is the default one. */
interface InUse {
  /** On which the page itself plays something. */
  readonly own: readonly string[];
  /** On which the other side of its call is heard; `null` where there is none. */
  readonly call: string | null;
}

export const speakersInUse = (page: Page): Promise<InUse> =>
  page.evaluate(async () => {
    const devices = await navigator.mediaDevices.enumerateDevices();
    const nameOf = (id: unknown): string =>
      id === '' ? '' : (devices.find(({ deviceId }) => deviceId === id)?.label ?? 'one that is gone');
    const playing = (window.perchOwnSounds ?? []).filter((sound) => {
      const samples = new Float32Array(sound.fftSize);
      sound.getFloatTimeDomainData(samples);
      return sound.context.state === 'running' && samples.some((sample) => Math.abs(sample) > 0.001);
    });
    const audio = document.querySelector<HTMLAudioElement>('#remote-audio');
    return {
      own: playing.map(({ context }) =>
        nameOf((context as AudioContext & { readonly sinkId: unknown }).sinkId),
      ),
      call: audio?.srcObject instanceof MediaStream ? nameOf(audio.sinkId) : null,
    };
  });

/** The frequency of the loudest moment in 3 s, in Hz; 0 where there is none. */
export async function loudestOwnTone(): Promise<number> {
  const end = performance.now() + 3_000;
  let loudest = { decibels: -60, hertz: 0 };
  while (performance.now() < end && loudest.hertz === 0) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    for (const sound of window.perchOwnSounds ?? []) {
      const spectrum = new Float32Array(sound.frequencyBinCount);
      if (sound.context.state === 'running') sound.getFloatFrequencyData(spectrum);
      else spectrum.fill(-Infinity);
      spectrum.forEach((decibels, bin) => {
        const hertz = (bin * sound.context.sampleRate) / sound.fftSize;
        if (decibels > loudest.decibels) loudest = { decibels, hertz };
      });
    }
  }
  return loudest.hertz;
}
