import type { MediaSound, Playable, Playing } from '../../media/endpoint.ts';
import type { Reason } from '../../sip/user-agent/leg.ts';
import type { Clock } from '../ports.ts';
import { pressOfInfo } from './dtmf-info.ts';
import { type DigitWay, KeyPresses } from './key-presses.ts';

/** What hears the caller. */
export interface Attendant {
  /** What is said from now on is heard: the ACK came, the caller listens to early media, or its sound is connected. */
  confirmed(): void;
  /** A key was pressed, however the phone reports it. */
  digit(digit: string): void;
  /** The caller is gone, or the call never came about. The last word, told once, also after `hangUp`. */
  gone(): void;
}

/** How an utterance ended: it was heard to its end, the sound was closed, or another utterance replaced it. */
export type Said = 'whole' | 'cut-off' | 'overtaken';

/** The server's end of a call with one of its services: its sound and its keys as one. */
export abstract class CallerLine {
  readonly endpoint: MediaSound;
  protected readonly clock: Clock;
  protected attendant: Attendant | undefined;
  #isGone = false;
  readonly #presses = new KeyPresses();
  /** How often something was said or interrupted. */
  #utterances = 0;

  protected constructor(endpoint: MediaSound, clock: Clock) {
    this.endpoint = endpoint;
    this.clock = clock;
  }

  /** From now on that one hears the caller. */
  attend(attendant: Attendant): void {
    this.attendant = attendant;
    this.endpoint.listen({
      digit: (digit) => {
        this.#press(digit, 'telephone-event');
      },
    });
  }

  /** The caller is gone, or the call never came about. */
  get isGone(): boolean {
    return this.#isGone;
  }

  abstract hangUp(reason?: Reason): void;
  /** Asks the caller's phone to call that URI itself, once this call is over (RFC 3515). Resolves to the final status. */
  abstract refer(uri: string): Promise<number>;

  /** Resolves when it is over; a sound that cannot be played is skipped. */
  async say(sounds: readonly Playable[], how?: Playing): Promise<Said> {
    this.#utterances += 1;
    const mine = this.#utterances;
    const isWhole = await this.endpoint.play(sounds, how).catch(() => true);
    if (mine !== this.#utterances) return 'overtaken';
    return isWhole ? 'whole' : 'cut-off';
  }

  /** The returned function says whether the line is still silent: nothing was said or interrupted since. */
  interrupt(): () => boolean {
    this.#utterances += 1;
    const mine = this.#utterances;
    this.endpoint.interrupt();
    return () => mine === this.#utterances;
  }

  /** The caller's phone says by INFO that a key was pressed. */
  protected pressed({ contentType, body }: { readonly contentType: string; readonly body: string }): void {
    const press = pressOfInfo(contentType, body);
    if (press !== undefined) this.#press(press.digit, 'info');
  }

  protected gone(): void {
    this.#isGone = true;
    this.endpoint.close();
    this.attendant?.gone();
  }

  #press(digit: string, way: DigitWay): void {
    if (this.#presses.counts(digit, way, this.clock.monotonic())) this.attendant?.digit(digit);
  }
}
