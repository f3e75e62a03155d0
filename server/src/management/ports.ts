import type { ExtensionId, OrganizationId, TerminalId, TerminalView } from '@perch/shared';
import type { Directory, Extension, Organization } from '../exchange/ports.ts';

/** `H(username:realm:password)` in hexadecimal, by each algorithm that digest authentication offers (RFC 7616). */
export interface DigestSecrets {
  readonly ha1Md5: string;
  readonly ha1Sha256: string;
}

/** An extension with what only management and authentication may know of it. */
export interface StoredExtension extends Extension {
  readonly organization: OrganizationId;
  readonly secretCodeHash: string | null;
  readonly digest: DigestSecrets | null;
}

export interface OrganizationRepository {
  all(): readonly Organization[];
  /** Both or neither. */
  create(organization: Organization, administrator: StoredAdministrator): void;
}

export interface ExtensionRepository {
  /** Those of every organization that are not deleted. */
  all(): readonly StoredExtension[];
  insert(extension: StoredExtension): void;
  update(extension: StoredExtension): void;
  /** With its terminal tokens and enrolments. */
  delete(id: ExtensionId): void;
}

/** Tokens and codes are known by their SHA-256 only. */
export interface TerminalRepository {
  tokens(): readonly { readonly hash: Buffer; readonly extension: ExtensionId }[];
  deleteToken(hash: Buffer): void;
  insertEnrolment(enrolment: {
    readonly hash: Buffer;
    readonly extension: ExtensionId;
    readonly uses: number;
    readonly expiresAt: number;
  }): void;
  /** Takes one use of an enrolment and stores the token given for it. `undefined` where there is no such use left. */
  redeem(enrolmentHash: Buffer, tokenHash: Buffer, now: number): ExtensionId | undefined;
}

export interface StoredAdministrator {
  readonly id: string;
  readonly organization: OrganizationId;
  readonly email: string;
  readonly passwordHash: string;
}

export interface AdministratorRepository {
  byEmail(email: string): StoredAdministrator | undefined;
  openSession(hash: Buffer, administrator: string, expiresAt: number, now: number): void;
  /** `undefined` once it was closed or has expired. */
  session(
    hash: Buffer,
    now: number,
  ): { readonly administrator: StoredAdministrator; readonly expiresAt: number } | undefined;
  closeSession(hash: Buffer): void;
}

/** What management asks of a running organization. A change is durable before its promise resolves. */
export interface ExchangeControl {
  /** `undefined` where the terminal's owner does not exist. */
  view(terminal: TerminalId): TerminalView | undefined;
  /** Ends the virtualization of this extension, as an administrator's deed. `false` where it is home. */
  returnToBase(extension: ExtensionId): Promise<boolean>;
  /** Undoes the last change on the terminal; `false` where there is none left to undo. */
  undo(terminal: TerminalId): Promise<boolean>;
  /** What `*30` does on this terminal; `false` where there is nothing to return. */
  returnFromTerminal(terminal: TerminalId): Promise<boolean>;
  /** The directory says something new of this extension: suspended or gone, its virtualizations end; pages are told. */
  extensionChanged(extension: ExtensionId): Promise<void>;
}

/** The running organizations. */
export interface Exchanges {
  start(directory: Directory): Promise<void>;
  /** @throws where the organization was never started. */
  of(organization: OrganizationId): ExchangeControl;
}
