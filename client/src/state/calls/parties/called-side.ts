import { isParking, type Party, type Service, serviceOf } from '@perch/shared';
import { keysAreSecret } from '../../../phone/calls/mailbox-dialogue.ts';
import { CallDialogue } from '../call-dialogue.svelte.ts';

/** What a call is with: a person or station, or a service of the server, and what the server says in it. */
export abstract class CalledSide {
  readonly dialogue: CallDialogue;
  /** Who waited in the slot that this call picks up. */
  readonly waiting: Party | null;
  /** The number to call once this call is over, as the mailbox has asked. */
  callBack: string | null = null;
  readonly #service: Service | undefined;

  /** `dialled`: what was called here, if it was. */
  constructor(dialled: { readonly number: string; readonly waiting: Party | null } | null) {
    this.#service = dialled === null ? undefined : serviceOf(dialled.number);
    this.waiting = dialled?.waiting ?? null;
    this.dialogue = new CallDialogue(this.#service);
  }

  /** Is the other side the Virtualization Center? Then keys are a secret, and are not kept. */
  get isCenter(): boolean {
    return this.#service?.name === 'center';
  }

  /** Is this a visit to a mailbox? Then keys may be its PIN, and are not kept. */
  get isVoicemail(): boolean {
    return this.#service?.name === 'voicemail';
  }

  /** Is this the echo test? */
  get isEcho(): boolean {
    return this.#service?.name === 'echo';
  }

  /** Is the other side the server itself? Then the call is over once the server has forgotten it. */
  get isWithServer(): boolean {
    const isVisit = this.#service !== undefined && !isParking(this.#service);
    return isVisit || this.dialogue.mailbox !== null;
  }

  /** May a key that is pressed now be one of a code or a PIN? */
  get keysAreSecret(): boolean {
    return this.isCenter || (this.isVoicemail && keysAreSecret(this.dialogue.mailbox));
  }

  /** How many digits of the code or PIN the server has counted; `null` while it asks for none. */
  get secretEntered(): number | null {
    const { center, mailbox } = this.dialogue;
    if (this.isCenter) return center?.stage === 'code' ? center.entered : null;
    return mailbox?.access.kind === 'pin' ? mailbox.access.entered : null;
  }

  /** Only a mailbox may ask for another call. */
  protected refer(number: string): boolean {
    if (this.isVoicemail) this.callBack = number;
    return this.isVoicemail;
  }
}
