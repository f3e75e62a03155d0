import type { ExtensionChange, ExtensionFate } from '@perch/shared';
import type { Extension } from '../exchange/contract/extensions.ts';
import type { Acting, Extensions } from './extensions.ts';
import type { Exchanges } from './ports.ts';
import { Refusal } from './refusal.ts';

/** What is wished for one extension of many. */
export interface Wished {
  readonly line: number | null;
  readonly number: string;
  /** What it is to be where there is none yet; without it, only extensions that exist are changed. */
  readonly created?: { readonly name: string; readonly kind: Extension['kind'] };
  readonly change: ExtensionChange;
}

type Field = keyof Omit<
  ExtensionChange,
  'presentGuest' | 'plan' | 'stayLimits' | 'kiosk' | 'language' | 'doNotDisturb' | 'forwards'
>;
const FIELDS: readonly Field[] = [
  'name',
  'group',
  'place',
  'callBack',
  'allowVirtualization',
  'suspended',
  'voicemailMail',
];

/** Changes of many extensions: what would become of each, and doing it. */
export class ExtensionFates {
  readonly #extensions: Extensions;
  readonly #exchanges: Exchanges;

  constructor(extensions: Extensions, exchanges: Exchanges) {
    this.#extensions = extensions;
    this.#exchanges = exchanges;
  }

  /** What would become of it at this moment; nothing is changed. */
  async foresee(acting: Acting, wished: Wished): Promise<ExtensionFate> {
    const { number, created, change } = wished;
    const found = this.#extensions.find(acting.organization, number);
    const refusal = this.#extensions.refusalOf(change);
    if (refusal) return refused(wished, refusal);
    if (!(found instanceof Refusal)) return this.#ofExisting(acting, wished, found);
    if (!created) return refused(wished, found);
    const changes = changesOf({ ...NEW, name: '', kind: created.kind }, { ...change, name: created.name });
    return fateOf(wished, created.name, 'created', changes);
  }

  /** Does it, as far as it can be done. */
  async carryOut(acting: Acting, wished: Wished): Promise<ExtensionFate> {
    const fate = await this.foresee(acting, wished);
    if (fate.fate !== 'created' && fate.fate !== 'changed') return fate;
    const done = await (fate.fate === 'created'
      ? this.#create(acting, wished)
      : this.#extensions.change(acting, wished.number, wished.change));
    return done instanceof Refusal ? refused(wished, done) : fate;
  }

  async #create(acting: Acting, { number, created, change }: Wished): Promise<Extension | Refusal> {
    if (!created) throw new Error(`nothing is known of a new extension ${number}`);
    const { allowVirtualization = false, group, place, callBack, suspended, voicemailMail } = change;
    const settings = { allowVirtualization, group, place, callBack, suspended, voicemailMail };
    return this.#extensions.create(acting, { number, ...created, ...settings });
  }

  async #ofExisting({ organization }: Acting, wished: Wished, extension: Extension): Promise<ExtensionFate> {
    const { change, created } = wished;
    if (created && created.kind !== extension.kind)
      return refused(
        { ...wished, name: extension.name },
        new Refusal('invalid-request', `${extension.number} is a ${extension.kind}: that cannot be changed.`),
      );
    const changes = changesOf(extension, change);
    if (changes.length === 0) return fateOf(wished, extension.name, 'same', []);
    const disallows =
      changes.some(({ field }) => field === 'allowVirtualization') && !change.allowVirtualization;
    const isEnded = changes.some(({ field }) => field === 'suspended') && change.suspended === true;
    const guest = disallows || isEnded ? await this.#guestOn(organization, extension) : null;
    const mustBeSaid = disallows && !isEnded && guest !== null && change.presentGuest === undefined;
    return fateOf(wished, extension.name, mustBeSaid ? 'guest-present' : 'changed', changes, guest);
  }

  async #guestOn(organization: Acting['organization'], { terminal }: Extension): Promise<string | null> {
    const view = await this.#exchanges.of(organization).view(terminal);
    return view?.occupancy.kind === 'guest' ? view.occupancy.guest.name : null;
  }
}

type Known = Pick<Extension, Field>;
const NEW: Omit<Known, 'name'> = {
  group: null,
  place: null,
  callBack: null,
  allowVirtualization: false,
  suspended: false,
  voicemailMail: null,
};

/** The fields in which an extension would differ. */
const changesOf = (
  known: Known & { readonly kind?: string },
  change: ExtensionChange,
): ExtensionFate['changes'] =>
  FIELDS.flatMap((field) => {
    const after = change[field];
    return after === undefined || after === known[field]
      ? []
      : [{ field, before: inText(known[field]), after: inText(after) }];
  });

const inText = (value: string | boolean | null): string =>
  value === null ? '' : typeof value === 'boolean' ? (value ? 'yes' : 'no') : value;

const fateOf = (
  { line, number }: Wished,
  name: string,
  fate: ExtensionFate['fate'],
  changes: ExtensionFate['changes'],
  guest: string | null = null,
): ExtensionFate => ({ line, number, name, fate, changes, guest, reason: null });

/** Why there can be no change. */
export const refused = (
  { line, number, name = '' }: Pick<Wished, 'line' | 'number'> & { readonly name?: string },
  { detail }: Pick<Refusal, 'detail'>,
): ExtensionFate => ({ line, number, name, fate: 'refused', changes: [], guest: null, reason: detail });
