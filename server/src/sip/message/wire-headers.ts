import {
  hashStep,
  HEADER,
  headerId,
  isList,
  isSpelled,
  LAST_SINGLE,
  spelledHeaderId,
} from './header-names.ts';
import type { HeaderId, KnownHeader } from './header-names.ts';
import type { Headers } from './message.ts';
import { COLON, CR, LF, LOWER_TOKEN, skipSpace, SPACE, TAB } from './octets.ts';
import { splitList } from './list.ts';

/** Set on a line's id where it goes on in the next line (RFC 3261 §7.3.1). */
const FOLDED = 0x100;
const ID = 0xff;

/** Numbers a line: id, start of the line, start of its value, end of its value without trailing white space. */
const WIDTH = 4;

/** More lines than any phone sends; a message with more is refused before it costs anything. */
const MAX_LINES = 256;

/**
 * The header fields of a frame, as offsets into it: values are sliced when they are asked for. Hot path: one pass, no
 * regular expressions, one array of small integers.
 */
export class WireHeaders implements Headers {
  readonly #frame: string;
  readonly #lines: number[] = [];
  /** Where the body begins; the frame's length where the empty line before it is missing. */
  readonly bodyStart: number;
  /** What is wrong with the lines themselves; those that are well-formed can be asked for nevertheless. */
  readonly fault: string | undefined;

  /** Reads the lines of `frame` from `start` (after the start line) to the empty line. */
  constructor(frame: string, start: number) {
    this.#frame = frame;
    const lines = this.#lines;
    let fault: string | undefined;
    let seen = 0;
    let position = start;
    for (;;) {
      if (frame.charCodeAt(position) === CR && frame.charCodeAt(position + 1) === LF) break;

      let at = position;
      let hash = 0;
      for (;;) {
        const lower = LOWER_TOKEN[frame.charCodeAt(at)];
        if (!lower) break;
        hash = hashStep(hash, lower);
        at++;
      }
      const nameEnd = at;
      let code = frame.charCodeAt(at);
      while (code === SPACE || code === TAB) code = frame.charCodeAt(++at);
      const named = code === COLON && nameEnd > position;
      if (named) at = skipSpace(frame, at + 1, frame.length);

      const valueStart = at;
      let end: number;
      let next = at;
      let folded = 0;
      let clean = true;
      for (;;) {
        end = frame.indexOf('\r', next);
        if (end < 0) break;
        const lineFeed = frame.indexOf('\n', next);
        if (lineFeed !== end + 1) {
          clean = false;
          if (lineFeed < 0) {
            end = -1;
            break;
          }
          next = Math.max(end, lineFeed) + 1;
          continue;
        }
        next = end + 2;
        const continuation = frame.charCodeAt(next);
        if (continuation !== SPACE && continuation !== TAB) break;
        folded = FOLDED;
      }
      if (end < 0) {
        fault ??= 'Header Not Terminated';
        position = frame.length;
        break;
      }
      if (!clean) fault ??= 'Stray Line End';
      else if (!named) fault ??= 'Malformed Header Field';
      else {
        while (end > valueStart && isSpace(frame.charCodeAt(end - 1))) end--;
        const id = spelledHeaderId(frame, position, nameEnd, hash);
        if (id !== HEADER.other && id <= LAST_SINGLE) {
          if (seen & (1 << id)) fault ??= 'Repeated Header Field';
          seen |= 1 << id;
        }
        lines.push(id | folded, position, valueStart, end);
        if (lines.length > MAX_LINES * WIDTH) {
          fault ??= 'Too Many Header Fields';
          position = frame.length;
          break;
        }
      }
      position = next;
    }
    this.bodyStart = Math.min(position + 2, frame.length);
    this.fault = fault ?? nulFault(frame, start, position);
  }

  get(name: string): string | undefined {
    const line = this.#find(headerId(name), name, 0);
    return line < 0 ? undefined : this.#value(line);
  }

  all(name: string): readonly string[] {
    const id = headerId(name);
    const values: string[] = [];
    for (let line = this.#find(id, name, 0); line >= 0; line = this.#find(id, name, line + WIDTH)) {
      if (isList(id)) splitList(this.#value(line), values);
      else values.push(this.#value(line));
    }
    return values;
  }

  count(name: string): number {
    const id = headerId(name);
    let count = 0;
    for (let line = this.#find(id, name, 0); line >= 0; line = this.#find(id, name, line + WIDTH)) count++;
    return count;
  }

  lines(name: string): string {
    const id = headerId(name);
    let text = '';
    for (let line = this.#find(id, name, 0); line >= 0; line = this.#find(id, name, line + WIDTH)) {
      const end = this.#frame.indexOf('\r\n', this.#number(line + 3));
      text += this.#frame.slice(this.#number(line + 1), end + 2);
    }
    return text;
  }

  /** The value of the first field with that id; `undefined` where absent. */
  first(id: KnownHeader): string | undefined {
    const line = this.#find(id, '', 0);
    return line < 0 ? undefined : this.#value(line);
  }

  /** The values of all fields with that id, a line each. */
  each(id: KnownHeader): readonly string[] {
    const values: string[] = [];
    for (let line = this.#find(id, '', 0); line >= 0; line = this.#find(id, '', line + WIDTH)) {
      values.push(this.#value(line));
    }
    return values;
  }

  #number(index: number): number {
    return this.#lines[index] ?? 0;
  }

  /** The index of the first line from `from` on that has this id, or where the id is `other` this name; -1 where none. */
  #find(id: HeaderId, name: string, from: number): number {
    const lines = this.#lines;
    for (let line = from; line < lines.length; line += WIDTH) {
      if ((this.#number(line) & ID) === id && (id !== HEADER.other || this.#isNamed(name, line))) return line;
    }
    return -1;
  }

  #isNamed(name: string, line: number): boolean {
    const start = this.#number(line + 1);
    return isSpelled(name, this.#frame, start) && !LOWER_TOKEN[this.#frame.charCodeAt(start + name.length)];
  }

  #value(line: number): string {
    const value = this.#frame.slice(this.#number(line + 2), this.#number(line + 3));
    return (this.#number(line) & FOLDED) === 0 ? value : value.replace(/\r\n[ \t]+/g, ' ').trim();
  }
}

const isSpace = (code: number): boolean => code === SPACE || code === TAB;

/** A NUL may stand in the header only as a quoted pair (RFC 3261 §25.1 `quoted-pair`, RFC 4475 §3.1.1.2). */
function nulFault(frame: string, start: number, end: number): string | undefined {
  for (let at = frame.indexOf('\0', start); at >= 0 && at < end; at = frame.indexOf('\0', at + 1)) {
    if (frame.charCodeAt(at - 1) !== 92) return 'Stray NUL';
  }
  return undefined;
}
