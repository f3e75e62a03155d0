import { homeTerminalOf } from '@perch/shared';
import type { NewEnrolment, OrganizationId, TerminalId } from '@perch/shared';
import type { Acting, Extensions } from './extensions.ts';
import type { AccountBook, StoredExtension, TerminalRepository } from './ports.ts';
import { Refusal } from './refusal.ts';
import { hashOf, newToken } from './tokens.ts';

interface TerminalPorts {
  readonly repository: TerminalRepository;
  readonly accounts: AccountBook;
  readonly extensions: Extensions;
}

/** The right to become a terminal, as it goes into a link. */
export interface Enrolment {
  readonly extension: StoredExtension;
  readonly code: string;
  readonly expiresAt: number;
  readonly uses: number;
}

/** A browser that has shown its token. */
export interface EnrolledBrowser {
  readonly organization: OrganizationId;
  readonly terminal: TerminalId;
  readonly owner: StoredExtension;
}

const UNKNOWN = new Refusal(
  'terminal-unknown',
  'This browser is not enrolled as a phone, or no longer. Ask your administrator for a new link.',
);

/** Browsers that are phones: how they become one, prove it, and cease to be one. */
export class Terminals {
  readonly #ports: TerminalPorts;

  constructor(ports: TerminalPorts) {
    this.#ports = ports;
  }

  load(): void {
    for (const { hash, extension } of this.#ports.repository.tokens())
      this.#ports.accounts.addToken(hash, extension);
  }

  issueEnrolment({ organization }: Acting, number: string, request: NewEnrolment): Enrolment | Refusal {
    const extension = this.#ports.extensions.find(organization, number);
    if (extension instanceof Refusal) return extension;
    const code = newToken();
    const { uses } = request;
    const expiresAt = Date.now() + request.hours * 3_600_000;
    this.#ports.repository.insertEnrolment({ hash: hashOf(code), extension: extension.id, uses, expiresAt });
    return { extension, code, expiresAt, uses };
  }

  redeem(code: string): { readonly token: string; readonly owner: StoredExtension } | Refusal {
    const token = newToken();
    const id = this.#ports.repository.redeem(hashOf(code), hashOf(token), Date.now());
    const owner = id && this.#ports.extensions.byId(id);
    if (!owner)
      return new Refusal(
        'enrolment-invalid',
        'This link has been used or has expired. Ask your administrator for a new one.',
      );
    this.#ports.accounts.addToken(hashOf(token), owner.id);
    return { token, owner };
  }

  authenticate(token: string): EnrolledBrowser | Refusal {
    const id = this.#ports.accounts.extensionOf(hashOf(token));
    const owner = id && this.#ports.extensions.byId(id);
    if (!owner) return UNKNOWN;
    if (owner.suspended)
      return new Refusal(
        'extension-suspended',
        `Extension ${owner.number} is suspended. Ask your administrator.`,
      );
    return { organization: owner.organization, terminal: homeTerminalOf(owner.id), owner };
  }

  /** What is connected by this token is ended; other browsers of the terminal have their own. */
  revoke(token: string): void {
    const hash = hashOf(token);
    this.#ports.repository.deleteToken(hash);
    this.#ports.accounts.deleteToken(hash);
  }
}
