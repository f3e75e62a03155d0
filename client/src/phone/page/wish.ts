import type { CallId } from '@perch/shared';

/** What was touched at a notification of a call. It comes from the service worker only: every website can open an address of this one. */
export interface CallWish {
  readonly kind: 'answer' | 'decline';
  readonly call: CallId;
}

/** The address behind the `#` of a page that the service worker has opened for a call: the page asks it what is wanted. */
export const ASKED_OF_WORKER = '#notification';

/** The page of this phone asks the service worker what is wanted of a call. */
export interface WishQuestion {
  readonly type: 'WISH';
  readonly phone: string;
}

/** What the address of a page asks for that is opened: at a link with a number, at a shortcut of the installed app. */
export type Wish =
  /** The number is put into the dial field; nobody is called by a link alone. */
  | { readonly kind: 'dial'; readonly text: string }
  | { readonly kind: 'show'; readonly view: 'keypad' | 'recents' | 'people' | 'voicemail' };

const VIEWS = ['keypad', 'recents', 'people', 'voicemail'] as const;
/** Longer than any number with what people put between its digits. */
const MOST_DIALLED = 64;

/** The wish in the part of an address behind the `#`, which no server and no log ever sees. */
export function wishIn(hash: string): Wish | null {
  const [, kind, value = ''] = /^#(dial|show)=(.*)$/.exec(hash) ?? [];
  const text = decoded(value);
  if (text === '') return null;
  if (kind === 'dial') return dialling(text);
  const view = VIEWS.find((known) => known === text);
  return view === undefined ? null : { kind: 'show', view };
}

/** `tel:101`, `web+call:101`, `web+call://101`. */
function dialling(address: string): Wish | null {
  const text = decoded(address.replace(/^(tel|web\+call):(\/\/)?/i, ''))
    .replace(/[;?].*$/, '')
    .replace(/\/$/, '')
    .slice(0, MOST_DIALLED);
  return text === '' ? null : { kind: 'dial', text };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return '';
  }
}
