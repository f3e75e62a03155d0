import type { CodedStation, TerminalId } from '@perch/shared';
import type { Chance } from '../../world/chance.ts';
import type { CodeRefusal, IssuedCode } from '../contract/station-codes.ts';
import type { OrganizationView } from '../pages/organization-view.ts';
import { partyOf } from '../pages/terminal-view.ts';
import type { Clock, Directory, Extension } from '../ports.ts';
import type { Told, ToldToWait, VirtualizationDesk } from '../virtualization-desk.ts';
import {
  type CodeBook,
  emptyBook,
  found,
  givenBack,
  issued,
  seen,
  type StationCode,
  used,
  withdrawn,
} from './code-book.ts';
import { drawn, spellingsOf } from './spellings.ts';

interface CodeRooms {
  readonly directory: Directory;
  readonly where: Pick<VirtualizationDesk, 'guestOn' | 'speaksFor' | 'guessing' | 'confirmMove'>;
  readonly view: Pick<OrganizationView, 'calls'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly chance: Pick<Chance, 'bytes'>;
}

/** A phone that asks with a code, its owner, and the station. */
interface Asked {
  readonly agent: Extension;
  readonly code: StationCode;
  readonly station: Extension;
}

/** One-time codes that stations show, with which people sign in there from their own phones. In memory only. */
export class StationCodes {
  readonly #rooms: CodeRooms;
  #book: CodeBook = emptyBook;

  constructor(rooms: CodeRooms) {
    this.#rooms = rooms;
  }

  issue(terminal: TerminalId): IssuedCode | 'not-allowed' {
    if (!this.#takesGuests(terminal)) return 'not-allowed';
    const now = this.#rooms.clock.now();
    const place = { terminal, occupant: this.#occupant(terminal) };
    const [book, { link, typed, expiresAt }] = issued(this.#book, place, drawn(this.#rooms.chance), now);
    this.#book = book;
    return { link, typed, validMs: expiresAt - now };
  }

  withdraw(terminal: TerminalId): void {
    this.#book = withdrawn(this.#book, terminal);
  }

  /** Which station it is, for its owner of that phone to confirm. */
  lookUp(phone: TerminalId, text: string): CodedStation | CodeRefusal {
    const asked = this.#asked(phone, text);
    if (typeof asked === 'string') return asked;
    const { agent, code, station } = asked;
    const { where, directory, clock } = this.#rooms;
    this.#book = seen(this.#book, code, clock.now());
    const guest = where.guestOn(code.terminal);
    const present = guest && directory.byId(guest.extension);
    return {
      station: partyOf(station),
      agent: partyOf(agent),
      place: station.place,
      guest: present === undefined ? null : partyOf(present),
    };
  }

  /**
   * Moves the owner of that phone to the station of the code, as `*30` with their secret code does; one code moves one extension once. Asked again, as by somebody
   * whom the answer has not reached, it is done as long as they are there.
   * Rejects where that could not be stored: then the code can still be used.
   */
  async signIn(phone: TerminalId, text: string): Promise<'done' | CodeRefusal> {
    const asked = this.#asked(phone, text);
    if (asked === 'used' && this.#hasBrought(phone, text)) return 'done';
    if (typeof asked === 'string') return asked;
    const { agent, code } = asked;
    const turn = { isUsed: false };
    /** Once its turn has come: much may have changed since it was asked for. */
    const use = (): boolean => {
      const again = this.#asked(phone, text);
      // The number may be another one's by now: then it is not them who would be moved.
      turn.isUsed =
        typeof again !== 'string' &&
        again.code.link === code.link &&
        again.agent.id === agent.id &&
        again.agent.number === agent.number;
      if (turn.isUsed) this.#book = used(this.#book, code, agent.id);
      return turn.isUsed;
    };
    let refusal: CodeRefusal | undefined = 'emergency-call';
    try {
      const told = await this.#rooms.where.confirmMove(code.terminal, agent.number, use);
      if ('withdraw' in told) told.withdraw();
      refusal = turn.isUsed ? this.#refusalOf(told, agent) : this.#whyNot(phone, text);
    } finally {
      if (turn.isUsed && refusal !== undefined) this.#book = givenBack(this.#book, code);
    }
    return refusal ?? 'done';
  }

  #asked(phone: TerminalId, text: string): Asked | CodeRefusal {
    const { directory, where, view, clock } = this.#rooms;
    const agent = directory.byTerminal(phone);
    if (agent?.kind !== 'person' || agent.suspended || where.guestOn(phone)) return 'not-own-phone';
    if (!agent.hasSecretCode) return 'no-secret-code';
    const known = found(this.#book, spellingsOf(text), clock.now());
    if (known === undefined) return 'unknown-code';
    const { code, state } = known;
    if (state !== 'open') return state;
    if (code.occupant !== this.#occupant(code.terminal)) return 'overtaken';
    const station = directory.byTerminal(code.terminal);
    if (station === undefined || !this.#takesGuests(code.terminal)) return 'not-allowed';
    // Known before the move is tried: somebody who confirms has guessed nothing, and is not counted as if they had.
    if (where.guessing(agent).lockedUntil !== null) return 'extension-locked';
    if (where.guessing(station).terminalLockedUntil !== null) return 'station-locked';
    // What only rings there goes where it belongs once somebody has come.
    const isBusy = view
      .calls(code.terminal)
      .some(({ state: call, here }) => call !== 'ringing' && (here === 'here' || here === 'away'));
    return isBusy ? 'station-busy' : { agent, code, station };
  }

  #refusalOf({ answer }: Told | ToldToWait, agent: Extension): CodeRefusal | undefined {
    switch (answer.kind) {
      case 'accepted':
      case 'already-here':
      case 'claimed':
        return undefined;
      case 'waiting':
        return 'emergency-call';
      case 'wrong-code':
        return this.#rooms.where.guessing(agent).lockedUntil === null ? 'station-locked' : 'extension-locked';
      default:
        return 'not-allowed';
    }
  }

  /** Why a code could not be used when its turn had come. */
  #whyNot(phone: TerminalId, text: string): CodeRefusal {
    const asked = this.#asked(phone, text);
    return typeof asked === 'string' ? asked : 'gone';
  }

  /** Is the owner of that phone at the station because of that code? */
  #hasBrought(phone: TerminalId, text: string): boolean {
    const { directory, where, clock } = this.#rooms;
    const code = found(this.#book, spellingsOf(text), clock.now())?.code;
    const agent = directory.ownerOf(phone);
    return code?.usedBy === agent && code !== undefined && where.speaksFor(code.terminal) === agent;
  }

  #takesGuests(terminal: TerminalId): boolean {
    const owner = this.#rooms.directory.byTerminal(terminal);
    return owner !== undefined && owner.allowVirtualization && !owner.suspended;
  }

  /** Who speaks there, and since when. */
  #occupant(terminal: TerminalId): string {
    const { where } = this.#rooms;
    return `${where.speaksFor(terminal) ?? ''} ${where.guestOn(terminal)?.since ?? ''}`;
  }
}
