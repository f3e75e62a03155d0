import type {
  EnrolledBrowserView,
  Enrolments,
  NewEnrolment,
  OrganizationId,
  TerminalId,
} from '@perch/shared';
import type { World } from '../world/world.ts';
import type { Extension } from '../exchange/contract/extensions.ts';
import { type Browser, keptBrowser } from './browser.ts';
import type { Acting, Extensions } from './extensions.ts';
import type { AccountBook } from './ports.ts';
import type { StoredBrowser, TerminalRepository } from './repositories.ts';
import { Refusal } from './refusal.ts';
import { hashOf, newToken } from './tokens.ts';
import { Unwritable } from './unwritable.ts';

interface TerminalPorts {
  readonly repository: TerminalRepository;
  readonly accounts: AccountBook;
  readonly extensions: Extensions;
  readonly world: World;
}

/** The right to become a terminal, for a link. */
export interface Enrolment {
  readonly extension: Extension;
  readonly code: string;
  readonly expiresAt: number;
  readonly uses: number;
}

/** A browser that has shown its token. */
export interface EnrolledBrowser {
  readonly organization: OrganizationId;
  readonly terminal: TerminalId;
  readonly owner: Extension;
}

const UNKNOWN = new Refusal(
  'terminal-unknown',
  'This browser is not enrolled as a phone, or no longer. Ask your administrator for a new link.',
);
const invalid = (why: string): Refusal =>
  new Refusal('enrolment-invalid', `${why} Ask your administrator for a new one.`);
const USED = invalid('This link has been used.');
const NO_SUCH_LINK = new Refusal(
  'enrolment-invalid',
  'There is no such link: it was not copied as a whole, or an administrator has withdrawn it.',
);
const NOT_LISTED = new Refusal('not-found', 'That is no longer in the list.');

/** How often the times at which browsers were last heard are stored, all together (milliseconds). */
const NOTED_EVERY_MS = 5 * 60_000;

/** Browsers that are phones: enrolling them, authenticating them, and revoking them. */
export class Terminals {
  readonly #ports: TerminalPorts;
  /** By the SHA-256 of their tokens in base64url, which is also their id in lists. */
  readonly #browsers = new Map<string, StoredBrowser>();
  /** Ids of browsers that were heard since the last storing. */
  readonly #heard = new Set<string>();
  /** Set while storing them is scheduled. */
  #cancelNoting: (() => void) | undefined;

  constructor(ports: TerminalPorts) {
    this.#ports = ports;
  }

  async load(): Promise<void> {
    for (const browser of await this.#ports.repository.browsers()) this.#add(browser);
  }

  /** Stores what is only in memory so far. */
  async close(): Promise<void> {
    this.#cancelNoting?.();
    await this.#note();
  }

  async issueEnrolment(
    { organization, who }: Acting,
    number: string,
    request: NewEnrolment,
  ): Promise<Enrolment | Refusal> {
    const extension = this.#ports.extensions.find(organization, number);
    if (extension instanceof Refusal) return extension;
    const code = newToken(this.#ports.world.chance);
    const { uses } = request;
    const madeAt = this.#ports.world.clock.now();
    const expiresAt = madeAt + request.hours * 3_600_000;
    const enrolment = { hash: hashOf(code), extension: extension.id, usesLeft: uses, expiresAt };
    await this.#ports.repository.insertEnrolment({ ...enrolment, madeAt, madeBy: who });
    return { extension, code, expiresAt, uses };
  }

  async redeem(
    code: string,
    browser: Browser,
    came: (owner: Extension) => void = () => undefined,
  ): Promise<{ readonly token: string; readonly owner: Extension } | Refusal> {
    const { repository, extensions } = this.#ports;
    const now = this.#ports.world.clock.now();
    const enrolment = await repository.enrolment(hashOf(code));
    const owner = enrolment && extensions.byId(enrolment.extension);
    if (!owner) return NO_SUCH_LINK;
    if (enrolment.usesLeft <= 0) return USED;
    if (enrolment.expiresAt <= now) return invalid('This link has expired.');
    if (owner.suspended) return suspended(owner);
    const token = newToken(this.#ports.world.chance);
    const enrolled: StoredBrowser = {
      hash: hashOf(token),
      extension: owner.id,
      madeAt: now,
      madeBy: enrolment.madeBy,
      ...keptBrowser(browser),
      heardAt: now,
    };
    came(owner);
    // Another browser may have taken the last use meanwhile, or an administrator withdrawn the link.
    if (!(await repository.redeem(enrolment.hash, enrolled))) return USED;
    this.#add(enrolled);
    return { token, owner };
  }

  authenticate(token: string): EnrolledBrowser | Refusal {
    const id = this.#ports.accounts.extensionOf(hashOf(token));
    const owner = id && this.#ports.extensions.byId(id);
    if (!owner) return UNKNOWN;
    if (owner.suspended) return suspended(owner);
    return { organization: owner.organization, terminal: owner.terminal, owner };
  }

  /** The browser with this token was heard just now, from `address` if that is known. */
  heard(token: string, address?: string): void {
    const id = hashOf(token).toString('base64url');
    const known = this.#browsers.get(id);
    if (!known) return;
    this.#browsers.set(id, {
      ...known,
      heardAt: this.#ports.world.clock.now(),
      address: address ?? known.address,
    });
    this.#heard.add(id);
    this.#cancelNoting ??= this.#ports.world.clock.after(NOTED_EVERY_MS, () => void this.#note());
  }

  /** The browsers enrolled as this extension's terminal, and the links that can enrol more. */
  async enrolments({ organization }: Acting, number: string): Promise<Enrolments | Refusal> {
    const extension = this.#ports.extensions.find(organization, number);
    if (extension instanceof Refusal) return extension;
    const browsers: EnrolledBrowserView[] = [];
    for (const [id, { extension: owner, hash: _, ...known }] of this.#browsers)
      if (owner === extension.id) browsers.push({ id, ...known });
    const open = await this.#ports.repository.openEnrolments(extension.id, this.#ports.world.clock.now());
    const links = open.map(({ hash, madeAt, madeBy, usesLeft, expiresAt }) => ({
      id: hash.toString('base64url'),
      madeAt,
      madeBy,
      usesLeft,
      expiresAt,
    }));
    return { browsers, links };
  }

  /** Ends the connections of this token. Other browsers of the terminal have tokens of their own. */
  revoke(token: string): Promise<void> {
    return this.#revoke(hashOf(token));
  }

  async revokeBrowser({ organization }: Acting, number: string, id: string): Promise<Refusal | undefined> {
    const extension = this.#ports.extensions.find(organization, number);
    if (extension instanceof Refusal) return extension;
    const browser = this.#browsers.get(id);
    if (browser?.extension !== extension.id) return NOT_LISTED;
    await this.#revoke(browser.hash);
    return undefined;
  }

  /** The link enrols no more browsers; those that it has enrolled stay phones. */
  async withdrawEnrolment(
    { organization }: Acting,
    number: string,
    id: string,
  ): Promise<Refusal | undefined> {
    const extension = this.#ports.extensions.find(organization, number);
    if (extension instanceof Refusal) return extension;
    const hash = Buffer.from(id, 'base64url');
    if ((await this.#ports.repository.enrolment(hash))?.extension !== extension.id) return NOT_LISTED;
    await this.#ports.repository.deleteEnrolment(hash);
    return undefined;
  }

  #add(browser: StoredBrowser): void {
    this.#browsers.set(browser.hash.toString('base64url'), browser);
    this.#ports.accounts.addToken(browser.hash, browser.extension);
  }

  async #revoke(hash: Buffer): Promise<void> {
    await this.#ports.repository.deleteToken(hash);
    this.#browsers.delete(hash.toString('base64url'));
    this.#ports.accounts.deleteToken(hash);
  }

  async #note(): Promise<void> {
    this.#cancelNoting = undefined;
    const ids = [...this.#heard];
    const heard = ids.flatMap((id) => this.#browsers.get(id) ?? []);
    this.#heard.clear();
    try {
      if (heard.length > 0) await this.#ports.repository.noteHeard(heard);
    } catch (error) {
      // For example, the disk is full: they are stored with the next ones. `/readyz` reports it.
      if (!(error instanceof Unwritable)) throw error;
      for (const id of ids) this.#heard.add(id);
    }
  }
}

const suspended = ({ number }: Extension): Refusal =>
  new Refusal('extension-suspended', `Extension ${number} is suspended. Ask your administrator.`);
