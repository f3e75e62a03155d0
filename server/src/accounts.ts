import { createHash } from 'node:crypto';
import type { ExtensionId, TerminalId } from '@perch/shared';
import type { Account, Accounts, DigestAccount } from './edge/ports.ts';
import type { DigestSecrets, Extension } from './exchange/contract/extensions.ts';
import type { AccountBook } from './management/ports.ts';

/** A credential of a terminal was withdrawn: check its connections again. */
export type Withdrawal = (terminal: TerminalId, reason: string) => void;

/**
 * Who may open a flow or a page, in memory. It knows tokens by their SHA-256 (in base64), so that finding one takes
 * the same time however much of it is right. Every withdrawal of access is reported through one callback.
 */
export class MemoryAccounts implements Accounts, AccountBook {
  readonly #byExtension = new Map<ExtensionId, Account>();
  readonly #byUser = new Map<string, DigestAccount>();
  readonly #byToken = new Map<string, ExtensionId>();
  /** The terminals of suspended extensions: their tokens can be deleted, too. */
  readonly #suspended = new Map<ExtensionId, TerminalId>();
  readonly #withdrawn: Withdrawal;

  constructor(withdrawn: Withdrawal) {
    this.#withdrawn = withdrawn;
  }

  byDigest(domain: string, username: string): DigestAccount | undefined {
    return this.#byUser.get(userKey(domain, username));
  }

  byToken(token: string): Account | undefined {
    const extension = this.extensionOf(createHash('sha256').update(token).digest());
    return extension && this.#byExtension.get(extension);
  }

  /** The extension with a token of this hash, suspended or not. */
  extensionOf(tokenHash: Buffer): ExtensionId | undefined {
    return this.#byToken.get(tokenHash.toString('base64'));
  }

  /** Lets the extension's terminal in with its current credentials; where it is suspended, keeps it out. */
  set(extension: Extension, secrets: DigestSecrets | null, domain: string): void {
    const before = this.#forget(extension.id);
    if (extension.suspended) {
      this.#suspended.set(extension.id, extension.terminal);
      if (before) this.#withdrawn(before.account.terminal, 'This extension is suspended');
      return;
    }
    const account: Account = {
      organization: extension.organization,
      domain,
      terminal: extension.terminal,
      number: extension.number,
    };
    this.#byExtension.set(extension.id, account);
    if (secrets)
      this.#byUser.set(userKey(domain, extension.number), { account, username: extension.number, secrets });
    if (before?.secrets && before.secrets.ha1Sha256 !== secrets?.ha1Sha256)
      this.#withdrawn(account.terminal, 'The SIP password was replaced');
  }

  addToken(tokenHash: Buffer, extension: ExtensionId): void {
    this.#byToken.set(tokenHash.toString('base64'), extension);
  }

  deleteToken(tokenHash: Buffer): void {
    const key = tokenHash.toString('base64');
    const owner = this.#byToken.get(key);
    if (!this.#byToken.delete(key) || !owner) return;
    const home = this.#homeOf(owner);
    if (home !== undefined) this.#withdrawn(home, 'This browser is no longer a phone');
  }

  /** Deletes the extension and its tokens. */
  delete(extension: ExtensionId): void {
    const home = this.#homeOf(extension);
    this.#forget(extension);
    for (const [hash, owner] of this.#byToken) if (owner === extension) this.#byToken.delete(hash);
    if (home !== undefined) this.#withdrawn(home, 'This extension was deleted');
  }

  #homeOf(extension: ExtensionId): TerminalId | undefined {
    return this.#byExtension.get(extension)?.terminal ?? this.#suspended.get(extension);
  }

  /** Returns the account as it was before. */
  #forget(extension: ExtensionId): (Partial<DigestAccount> & { readonly account: Account }) | undefined {
    this.#suspended.delete(extension);
    const account = this.#byExtension.get(extension);
    if (!account) return undefined;
    const user = userKey(account.domain, account.number);
    const digest = this.#byUser.get(user);
    this.#byExtension.delete(extension);
    this.#byUser.delete(user);
    return { account, ...digest };
  }
}

/** A space separates them, since no domain contains one. */
const userKey = (domain: string, username: string): string => `${domain} ${username}`;
