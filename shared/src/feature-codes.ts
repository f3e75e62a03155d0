/** A service of the exchange, as it was dialled. */
export type Service =
  /** The Virtualization Center: `number` is to be moved to the terminal; without one, an extension returns. */
  | { readonly name: 'center'; readonly number: string | undefined }
  /** The mailbox of the extension that speaks through the terminal. */
  | { readonly name: 'voicemail' }
  /** The caller hears itself. */
  | { readonly name: 'echo' }
  /** No phone rings for the extension any more, or does so again. */
  | { readonly name: 'do-not-disturb' | 'do-not-disturb-off' }
  /** All calls of the extension go on to `number`; without one, nothing is changed. */
  | { readonly name: 'forward'; readonly number: string | undefined }
  /** No longer all of them. */
  | { readonly name: 'forward-off' }
  | ParkingService;

/** What is done with parked calls. */
export type ParkingService =
  /** A call that is transferred to it is parked; called, it parks the call that the phone has on hold. */
  | { readonly name: 'park' }
  /** Picks up the call in that slot. */
  | { readonly name: 'pick-up'; readonly slot: string };

export const isParking = (service: Service): service is ParkingService =>
  service.name === 'park' || service.name === 'pick-up';

/** What is dialled for each service. No other file spells a feature code. */
export const FEATURE_CODES = {
  center: '*30',
  echo: '*43',
  park: '*68',
  'pick-up': '*69',
  forward: '*72',
  'forward-off': '*73',
  'do-not-disturb': '*78',
  'do-not-disturb-off': '*79',
  voicemail: '*97',
} as const satisfies Readonly<Record<Service['name'], string>>;

/** Those whose code is all that is dialled. */
const PLAIN = ['voicemail', 'echo', 'park', 'forward-off', 'do-not-disturb', 'do-not-disturb-off'] as const;
/** Those whose code may be followed by a number. */
const NUMBERED = ['center', 'forward'] as const;

/** What dialled digits mean, before it is known which extensions there are. */
export type Meaning =
  | { readonly kind: 'emergency'; readonly number: string }
  | { readonly kind: 'service'; readonly service: Service }
  | { readonly kind: 'number'; readonly number: string };

/**
 * The one meaning of dialled digits without separators (`dialledText`); a closing `#` only ends them. Emergency numbers come
 * first: nothing may hide one. An extension that calls its `own` number reaches its mailbox, as on other phone systems.
 */
export function meaningOf(dialled: string, emergencyNumbers: readonly string[], own?: string): Meaning {
  const digits = dialled.replace(/(?<=.)#+$/, '');
  if (emergencyNumbers.includes(digits)) return { kind: 'emergency', number: digits };
  const service = digits === own ? ({ name: 'voicemail' } as const) : serviceOf(digits);
  return service ? { kind: 'service', service } : { kind: 'number', number: digits };
}

/** The service that `digits` call, with the number after its code cut off; `undefined` where they call none. */
export function serviceOf(digits: string): Service | undefined {
  const pickUp = FEATURE_CODES['pick-up'];
  for (const name of PLAIN) if (digits === FEATURE_CODES[name]) return { name };
  if (digits.startsWith(pickUp)) {
    const slot = digits.slice(pickUp.length);
    return /^\d{1,2}$/.test(slot) ? { name: 'pick-up', slot } : undefined;
  }
  const name = NUMBERED.find((each) => digits.startsWith(FEATURE_CODES[each]));
  const number = name && digits.slice(FEATURE_CODES[name].length);
  return name && /^\d*$/.test(number ?? '') ? { name, number: number || undefined } : undefined;
}

/** The digits that call a service: the inverse of `serviceOf`. */
export function digitsFor(service: Service): string {
  const code = FEATURE_CODES[service.name];
  if (service.name === 'center' || service.name === 'forward') return code + (service.number ?? '');
  return service.name === 'pick-up' ? code + service.slot : code;
}

/** Can a locked phone, at which no extension speaks, call this service? */
export const worksLocked = ({ name }: Service): boolean => name === 'center';
