import {
  hashStep,
  HEADER,
  headerId,
  isList,
  LAST_FIRST,
  LAST_SINGLE,
  spelledHeaderId,
} from './header-names.ts';
import type { FirstHeader, HeaderId } from './header-names.ts';
import { splitList } from './list.ts';
import type { Headers } from './message.ts';
import { BACKSLASH, COLON, CR, LF, LOWER_TOKEN, ownOctetsOf, skipSpace, SPACE, TAB } from './octets.ts';

/** Set on a line's id where it continues on the next line (RFC 3261 §7.3.1). */
const FOLDED = 0x100;
const ID = 0xff;

/** Numbers a line: id, start of the line, start of its value, end of its value without trailing white space. */
const WIDTH = 4;

/** Where the lines begin, after the index of first lines. */
const BASE = LAST_FIRST + 1;

/** More lines than any phone sends; a message with more is refused before it costs anything. */
const MAX_LINES = 256;

/** Where the lines are noted while they are read, once for all messages: a list that grows is copied each time that it does. */
const noted: number[] = [];

/**
 * The header fields of a frame, as offsets into it: values are sliced when they are asked for. Hot path: one pass over the
 * octets, no regular expressions, one array of small integers.
 */
export class WireHeaders implements Headers {
  readonly #frame: string;
  /** At each id up to `LAST_FIRST` where its first line is described, or 0; from `BASE` on the lines, `WIDTH` numbers each. */
  readonly #lines: readonly number[];
  /** Where the body begins; the frame's length where the empty line before it is missing. */
  readonly bodyStart: number;
  /** What is wrong with the lines themselves; those that are well-formed can be asked for nevertheless. */
  readonly fault: string | undefined;

  /** Reads the lines of `frame`, whose octets are `octets`, from `start` (after the start line) to the empty line. */
  constructor(frame: string, octets: Uint8Array, start: number) {
    this.#frame = frame;
    const lines = noted;
    for (let index = 0; index < BASE; index++) lines[index] = 0;
    let length = BASE;
    const last = frame.length;
    let fault: string | undefined;
    let position = start;
    while (octets[position] !== CR || octets[position + 1] !== LF) {
      let at = position;
      let hash = 0;
      for (;;) {
        const lower = LOWER_TOKEN[octets[at] ?? 0] ?? 0;
        if (lower === 0) break;
        hash = hashStep(hash, lower);
        at++;
      }
      const nameEnd = at;
      at = skipSpace(octets, at);
      const named = octets[at] === COLON && nameEnd > position;
      if (named) at = skipSpace(octets, at + 1);

      const valueStart = at;
      let folded = 0;
      let clean = true;
      let hasNul = false;
      for (;;) {
        while ((octets[at] ?? 0) > CR) at++;
        const octet = octets[at];
        if (octet === CR && octets[at + 1] === LF) {
          const next = octets[at + 2];
          if (next !== SPACE && next !== TAB) break;
          folded = FOLDED;
          at += 3;
        } else if (at >= last) break;
        else {
          if (octet === 0) hasNul = true;
          if (octet === CR || octet === LF || (octet === 0 && octets[at - 1] !== BACKSLASH)) clean = false;
          at++;
        }
      }
      if (at >= last) {
        fault ??= 'Header Not Terminated';
        position = last;
        break;
      }

      if (!clean) fault ??= 'Stray Control Character';
      else if (!named) fault ??= 'Malformed Header Field';
      else {
        const id = spelledHeaderId(octets, position, nameEnd, hash);
        let end = at;
        while (end > valueStart && isSpace(octets[end - 1])) end--;
        if (id !== HEADER.other && id <= LAST_FIRST) {
          if (lines[id] === 0) lines[id] = length;
          else if (id <= LAST_SINGLE) fault ??= 'Repeated Header Field';
        }
        if (hasNul && id !== HEADER.from && id !== HEADER.to) fault ??= 'Stray Control Character';
        lines[length] = id | folded;
        lines[length + 1] = position;
        lines[length + 2] = valueStart;
        lines[length + 3] = end;
        length += WIDTH;
        if (length > BASE + MAX_LINES * WIDTH) {
          fault ??= 'Too Many Header Fields';
          position = last;
          break;
        }
      }
      position = at + 2;
    }
    this.#lines = lines.slice(0, length);
    this.bodyStart = Math.min(position + 2, last);
    this.fault = fault;
  }

  get(name: string): string | undefined {
    const line = this.#first(headerId(name), name);
    return line === 0 ? undefined : this.#value(line);
  }

  all(name: string): readonly string[] {
    const id = headerId(name);
    const values: string[] = [];
    for (let line = this.#first(id, name); line !== 0; line = this.#next(id, name, line)) {
      if (isList(id)) splitList(this.#value(line), values);
      else values.push(this.#value(line));
    }
    return values;
  }

  count(name: string): number {
    const id = headerId(name);
    let count = 0;
    for (let line = this.#first(id, name); line !== 0; line = this.#next(id, name, line)) count++;
    return count;
  }

  lines(name: string): string {
    const id = headerId(name);
    let text = '';
    for (let line = this.#first(id, name); line !== 0; line = this.#next(id, name, line)) {
      const end = this.#frame.indexOf('\r', this.#number(line + 3));
      text += this.#frame.slice(this.#number(line + 1), end + 2);
    }
    return text;
  }

  /**
   * Lets `read` read the value of the first field with that id, in the frame itself where it is not folded.
   * `octets` are the frame's. `undefined` where there is no such field, or as `read` says.
   */
  read<T>(id: FirstHeader, octets: Uint8Array, read: Reader<T>): T | undefined {
    const line = this.#number(id);
    return line === 0 ? undefined : this.#read(line, octets, read);
  }

  /** The same for every field with that id, a line each. */
  readEach<T>(id: FirstHeader, octets: Uint8Array, read: Reader<T>): (T | undefined)[] {
    const values: (T | undefined)[] = [];
    for (let line = this.#number(id); line !== 0; line = this.#next(id, '', line)) {
      values.push(this.#read(line, octets, read));
    }
    return values;
  }

  #read<T>(line: number, octets: Uint8Array, read: Reader<T>): T | undefined {
    if ((this.#number(line) & FOLDED) === 0) {
      return read(this.#frame, octets, this.#number(line + 2), this.#number(line + 3));
    }
    const value = this.#value(line);
    return read(value, ownOctetsOf(value), 0, value.length);
  }

  #number(index: number): number {
    return this.#lines[index] ?? 0;
  }

  /** The position of the first line that has this id, or where the id is `other` this name; 0 where there is none. */
  #first(id: HeaderId, name: string): number {
    return id !== HEADER.other && id <= LAST_FIRST ? this.#number(id) : this.#next(id, name, BASE - WIDTH);
  }

  /** The same for the next line after `line`. */
  #next(id: HeaderId, name: string, line: number): number {
    const { length } = this.#lines;
    for (let next = line + WIDTH; next < length; next += WIDTH) {
      if ((this.#number(next) & ID) === id && (id !== HEADER.other || this.#isNamed(name, next))) return next;
    }
    return 0;
  }

  #isNamed(name: string, line: number): boolean {
    const start = this.#number(line + 1);
    const spelled = this.#frame.slice(start, this.#frame.indexOf(':', start)).trimEnd();
    return spelled.length === name.length && spelled.toLowerCase() === name;
  }

  #value(line: number): string {
    const value = this.#frame.slice(this.#number(line + 2), this.#number(line + 3));
    return (this.#number(line) & FOLDED) === 0 ? value : unfold(value);
  }
}

/** Each line end with the white space after it becomes one space (RFC 3261 §7.3.1). */
function unfold(value: string): string {
  const octets = ownOctetsOf(value);
  let length = 0;
  for (let at = 0; at < value.length; length++) {
    const octet = octets[at] ?? 0;
    at = octet === CR ? skipSpace(octets, at + 2) : at + 1;
    octets[length] = octet === CR ? SPACE : octet;
  }
  return octets.toString('latin1', 0, length).trim();
}

/** Reads `text`, whose octets are `octets`, from `start` up to `end`. */
type Reader<T> = (text: string, octets: Uint8Array, start: number, end: number) => T | undefined;

const isSpace = (octet: number | undefined): boolean => octet === SPACE || octet === TAB;
