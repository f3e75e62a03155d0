import { COMMA, GREATER, LESS, octetsOf, QUOTE, skipQuoted } from './octets.ts';

/** Appends the elements of a comma-separated list to `into`, trimmed, empty ones left out; commas in quotes or `<>` do not separate. */
export function splitList(list: string, into: string[]): void {
  if (!list.includes(',')) {
    if (list !== '') into.push(list);
    return;
  }
  const octets = octetsOf(list);
  let start = 0;
  let bracketed = false;
  for (let at = 0; at < list.length; at++) {
    const octet = octets[at];
    if (octet === QUOTE && !bracketed) {
      const closed = skipQuoted(octets, at, list.length);
      if (closed < 0) break;
      at = closed - 1;
    } else if (octet === LESS) bracketed = true;
    else if (octet === GREATER) bracketed = false;
    else if (octet === COMMA && !bracketed) {
      append(list.slice(start, at), into);
      start = at + 1;
    }
  }
  append(list.slice(start), into);
}

function append(element: string, into: string[]): void {
  const trimmed = element.trim();
  if (trimmed !== '') into.push(trimmed);
}
