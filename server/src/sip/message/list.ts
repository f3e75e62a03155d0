import { COMMA, GREATER, LESS, QUOTE, skipQuoted } from './octets.ts';

/** Appends the elements of a comma-separated list to `into`, trimmed, empty ones left out; commas in quotes or `<>` part nothing. */
export function splitList(list: string, into: string[]): void {
  if (!list.includes(',')) {
    if (list !== '') into.push(list);
    return;
  }
  let start = 0;
  let bracketed = false;
  for (let at = 0; at <= list.length; at++) {
    const code = at < list.length ? list.charCodeAt(at) : COMMA;
    if (code === QUOTE && !bracketed) {
      const closed = skipQuoted(list, at, list.length);
      at = (closed < 0 ? list.length : closed) - 1;
    } else if (code === LESS) bracketed = true;
    else if (code === GREATER) bracketed = false;
    else if (code === COMMA && (!bracketed || at === list.length)) {
      const element = list.slice(start, at).trim();
      if (element !== '') into.push(element);
      start = at + 1;
    }
  }
}
