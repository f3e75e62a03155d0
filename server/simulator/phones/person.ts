import type { PageEvent } from '@perch/shared';
import type { Dice } from '../world/dice.ts';
import type { SimulatedClock } from '../world/simulated-clock.ts';
import type { PhoneUser } from './dialogs.ts';
import type { Phone } from './phone.ts';
import type { Session } from './session.ts';

/** The paths of sound to the server's endpoints, each known by the `ufrag` with which the server describes it. */
export interface PhoneSound {
  /** A path has come about. */
  hears(ufrag: string): void;
  /** It has broken; `isKnown`: the server has reason to know. */
  silenced(ufrag: string, isKnown: boolean): void;
  /** Somebody speaks to the server for so long (milliseconds). */
  speak(ufrag: string, ms: number): void;
}

/** What somebody at a phone can see and use beside its calls. */
export interface PersonWorld {
  readonly clock: SimulatedClock;
  readonly dice: Dice;
  /** The code of the extension with that number. */
  readonly codeOf: (number: string) => string;
  readonly sound: PhoneSound;
  /** Their page has said so. */
  readonly saw: (phone: Phone, event: PageEvent) => void;
}

const REACTION_MS = [400, 9_000] as const;
const TALK_MS = [2_000, 90_000] as const;
const SPEECH_MS = [500, 4_000] as const;
const KEY_AFTER_MS = 900;

/** How people answer what rings: most do, in one way or another. */
const DECLINES = [
  '486 Busy Here',
  '603 Decline',
  '302 Moved Temporarily',
  '480 Temporarily Unavailable',
] as const;

/** Somebody at a phone: reacts to what it does. What they do of their own accord is in the script. */
export class Person implements PhoneUser {
  readonly #phone: Phone;
  readonly #world: PersonWorld;
  /** The number that they are about to bring to this phone, by the call to the Center. */
  readonly #moving = new Map<Session, string>();

  constructor(phone: Phone, world: PersonWorld) {
    this.#phone = phone;
    this.#world = world;
    phone.user = this;
  }

  /** Dials `*30` and that number. */
  move(number: string): void {
    this.#moving.set(this.#phone.dial(`*30${number}`, 'center'), number);
  }

  rings(session: Session): void {
    const { dice } = this.#world;
    this.#later(REACTION_MS, () => {
      const mood = dice.below(20);
      if (mood < 13) this.#phone.answer(session);
      else if (mood < 16) this.#phone.decline(session, dice.pick(DECLINES) ?? DECLINES[0]);
      // Others let it ring.
    });
  }

  talks(session: Session): void {
    const { dice } = this.#world;
    this.#world.sound.hears(session.peerUfrag);
    const number = this.#moving.get(session);
    if (number !== undefined) {
      const isRight = !dice.onceIn(6);
      this.#after(KEY_AFTER_MS, () => {
        if (session.state === 'up')
          this.#phone.press(session, `${isRight ? this.#world.codeOf(number) : '0000'}#`);
      });
    }
    // A mailbox answers as a person does: they say something to it, too.
    if (session.purpose === 'talk' && dice.onceIn(3)) {
      const ms = dice.between(...SPEECH_MS);
      this.#later([3_000, 6_000], () => {
        if (session.state === 'up') this.#world.sound.speak(session.peerUfrag, ms);
      });
    }
    if (session.purpose === 'incoming' && !dice.onceIn(3)) return;
    if (session.purpose === 'talk' && dice.onceIn(3)) return;
    this.#later(TALK_MS, () => this.#phone.hangUp(session));
  }

  silenced(ufrag: string, isKnown: boolean): void {
    this.#world.sound.silenced(ufrag, isKnown);
  }

  ended(session: Session): void {
    this.#moving.delete(session);
  }

  registered(): void {
    this.#later([200, 1_500], () => {
      for (const { id, here } of this.#phone.views)
        if (here === 'away')
          this.#phone.dial(this.#phone.line.world.number, 'talk', [`Perch-Call-ID: ${id}`]);
    });
  }

  told(event: PageEvent): void {
    this.#world.saw(this.#phone, event);
  }

  #later([least, most]: readonly [number, number], act: () => void): void {
    this.#after(this.#world.dice.between(least, most), act);
  }

  #after(ms: number, act: () => void): void {
    this.#world.clock.after(ms, () => {
      if (!this.#phone.line.isAsleep) act();
    });
  }
}
