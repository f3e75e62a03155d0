import { callId, type CallId } from '@perch/shared';

/** What somebody wants of a phone whose page they open: at a notification, at a link with a number, at a shortcut of the installed app. */
export type Wish =
  | { readonly kind: 'answer' | 'decline'; readonly call: CallId }
  /** The number is put into the dial field; nobody is called by a link alone. */
  | { readonly kind: 'dial'; readonly text: string }
  | { readonly kind: 'show'; readonly view: 'keypad' | 'recents' | 'people' | 'voicemail' };

const VIEWS = ['keypad', 'recents', 'people', 'voicemail'] as const;
/** Longer than any number with what people put between its digits. */
const MOST_DIALLED = 64;

/** The wish in the part of an address behind the `#`, which no server and no log ever sees. */
export function wishIn(hash: string): Wish | null {
  const [, kind, value = ''] = /^#(answer|decline|dial|show)=(.*)$/.exec(hash) ?? [];
  const text = decoded(value);
  if (text === '') return null;
  if (kind === 'answer' || kind === 'decline') return { kind, call: callId(text) };
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
