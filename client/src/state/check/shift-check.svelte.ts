import { terminalApi, type CheckResult, digitsFor } from '@perch/shared';
import { request } from '../../api/request.ts';
import type { Devices } from '../../media/devices.ts';
import type { EchoTone } from '../../media/echo-tone.ts';
import type { SoundObstacle } from '../../media/sound.ts';
import type { Quality } from '../../phone/calls/quality.ts';
import { type Findings, resultOf } from '../../phone/check/findings.ts';
import type { CallSession } from '../../sip/session.ts';
import type { World } from '../../world/world.ts';
import { CallAudio } from '../calls/audio/call-audio.svelte.ts';
import { CallMicrophone, type CallSound } from '../calls/audio/call-microphone.svelte.ts';
import type { Settings } from '../page/settings.svelte.ts';
import { type Cancel, every } from '../../world/timers.ts';

/** How long the check takes, once the browser has answered whether the microphone is allowed (milliseconds). */
const CHECK_MS = 6_000;
const LOOK_MS = 100;
/** It rings this long. The microphone hears that too: what it hears later is a voice (milliseconds). */
const RING_MS = 1_200;
const VOICE_FROM_MS = 1_800;
/** How loud a voice is at least (decibels below full scale), and how long it has to be heard (milliseconds). */
const VOICE_DB = -45;
const VOICE_MS = 300;
/** How long the tone has to come back (milliseconds). */
const ECHO_MS = 500;

/** What the check needs of the page's sound. */
export interface CheckSound extends CallSound {
  readonly obstacle: SoundObstacle | null;
  readonly devices: Devices;
  ring(): () => void;
  echoTone(): Pick<EchoTone, 'stream' | 'listen' | 'isHeard' | 'close'>;
}

export type NotificationAnswer = NotificationPermission | 'unsupported';

export interface CheckParts {
  readonly sound: CheckSound;
  readonly settings: Pick<Settings, 'values'>;
  readonly world: Pick<World, 'now'>;
  readonly token: string;
  /** Is the phone registered, and is its server heard as usual? */
  readonly line: () => { readonly isReady: boolean; readonly serverIsLate: boolean };
  readonly invite: (number: string, stream: MediaStream) => CallSession;
  readonly notifications: () => NotificationAnswer;
}

/** What one check holds while it runs. */
interface Run {
  readonly since: number;
  readonly microphone: CallMicrophone;
  readonly audio: CallAudio;
  readonly echo: ReturnType<CheckSound['echoTone']>;
  readonly cancel: Cancel;
  session: CallSession | undefined;
  answered: boolean;
  voiceMs: number;
  echoMs: number;
  stopRing: (() => void) | undefined;
}

/** Finds out within seconds whether this phone is ready: microphone, sound to the server and back, ring, notifications, network. */
export class ShiftCheck {
  stage: 'idle' | 'asking' | 'running' | 'done' = $state('idle');
  /** How much of it is over, 0 to 1. */
  progress = $state(0);
  findings: Findings | null = $state.raw(null);
  /** The server could not be told. */
  isUntold = $state(false);
  readonly #parts: CheckParts;
  #microphone: CallMicrophone | undefined = $state.raw();
  #run: Run | undefined;

  constructor(parts: CheckParts) {
    this.#parts = parts;
  }

  /** 0 to 1. */
  readonly level = (): number => this.#microphone?.level?.read() ?? 0;

  /** The browser is asking whether the microphone is allowed. */
  get isAsked(): boolean {
    return this.#microphone?.isAsked === true;
  }

  readonly begin = async (): Promise<void> => {
    this.stop();
    const { sound, world } = this.#parts;
    this.stage = 'asking';
    const microphone = (this.#microphone = new CallMicrophone(sound, world.now, () => undefined));
    const opened = await microphone.open();
    if (opened === undefined || this.#microphone !== microphone) return;
    this.stage = 'running';
    this.progress = 0;
    const run: Run = {
      since: world.now(),
      microphone,
      audio: new CallAudio(
        sound,
        () => ({ withServer: true, serverIsLate: false }),
        () => false,
      ),
      echo: sound.echoTone(),
      cancel: every(LOOK_MS, () => this.#look(run)),
      session: undefined,
      answered: false,
      voiceMs: 0,
      echoMs: 0,
      stopRing: sound.ring(),
    };
    this.#run = run;
    this.#call(run);
  };

  /** Ends it without a verdict, and closes everything that it has opened. */
  readonly stop = (): void => {
    const run = this.#run;
    this.#run = undefined;
    if (run !== undefined) release(run);
    this.#microphone?.close();
    this.#microphone = undefined;
    if (this.stage !== 'done') this.stage = 'idle';
  };

  /** The person has answered whether notifications are allowed. */
  readonly notificationsAnswered = (): void => {
    if (this.findings === null) return;
    this.findings = { ...this.findings, notifications: notificationsOf(this.#parts.notifications()) };
    void this.#tell(resultOf(this.findings));
  };

  #call(run: Run): void {
    try {
      const session = (run.session = this.#parts.invite(digitsFor({ name: 'echo' }), run.echo.stream));
      session.listen({
        onProgress: () => undefined,
        onAccepted: () => {
          if (run.answered) return;
          run.answered = true;
          // Cuts the spoken sentence short.
          session.sendDigit('1', 'info');
        },
        onMedia: () => undefined,
        onRemoteStream: (stream) => {
          run.echo.listen(stream);
          run.audio.hear(stream, () => session.connection);
        },
        onHeld: () => undefined,
        onNamed: () => undefined,
        onReferred: () => false,
        onSuccessor: (other) => other.reject(486),
        onOver: () => (run.session = undefined),
      });
    } catch {
      // No call can be made: the line says so.
    }
  }

  #look(run: Run): void {
    const passed = this.#parts.world.now() - run.since;
    if (passed >= RING_MS) {
      run.stopRing?.();
      run.stopRing = undefined;
    }
    const loudness = run.microphone.level?.loudness() ?? null;
    if (passed >= VOICE_FROM_MS && loudness !== null && loudness.rmsDb > VOICE_DB) run.voiceMs += LOOK_MS;
    if (run.echo.isHeard()) run.echoMs += LOOK_MS;
    this.progress = Math.min(1, passed / CHECK_MS);
    if (passed >= CHECK_MS) this.#finish(run);
  }

  #finish(run: Run): void {
    const findings = this.#findingsOf(run);
    this.findings = findings;
    this.stage = 'done';
    this.stop();
    void this.#tell(resultOf(findings));
  }

  #findingsOf({ microphone, audio, answered, voiceMs, echoMs }: Run): Findings {
    const { sound, settings, line, notifications } = this.#parts;
    const { ringer } = settings.values;
    const { isReady, serverIsLate } = line();
    const ringerGone = ringer !== '' && !sound.devices.speakers.some(({ id }) => id === ringer);
    return {
      microphone: microphone.trouble ?? (voiceMs >= VOICE_MS ? 'good' : 'quiet'),
      line: !answered ? 'unreachable' : echoMs >= ECHO_MS ? 'good' : 'not-heard',
      ring: sound.obstacle ?? (ringerGone ? 'gone' : 'good'),
      notifications: notificationsOf(notifications()),
      network: isReady ? networkOf(audio.quality, serverIsLate) : 'offline',
    };
  }

  async #tell(body: CheckResult): Promise<void> {
    try {
      await request(terminalApi.reportCheck, { token: this.#parts.token, body });
      this.isUntold = false;
    } catch {
      this.isUntold = true;
    }
  }
}

function release({ cancel, stopRing, session, audio, echo, microphone }: Run): void {
  cancel();
  stopRing?.();
  session?.hangUp();
  audio.close();
  echo.close();
  microphone.close();
}

function networkOf(quality: Quality | null, serverIsLate: boolean): Findings['network'] {
  if (quality?.grade === 'poor') return 'weak';
  return quality?.grade === 'fair' || serverIsLate ? 'unsteady' : 'good';
}

function notificationsOf(answer: NotificationAnswer): Findings['notifications'] {
  switch (answer) {
    case 'granted':
      return 'good';
    case 'denied':
      return 'blocked';
    case 'default':
      return 'not-asked';
    case 'unsupported':
      return 'unsupported';
  }
}
