import { createHash } from 'node:crypto';
import { homeTerminalOf } from '@perch/shared';
import type { ExtensionId } from '@perch/shared';
import type { Account, Accounts, DigestAccount } from './edge/ports.ts';
import type { AccountBook, StoredExtension } from './management/ports.ts';

/**
 * Who may open a flow or a page, in memory. It knows tokens by their SHA-256 (in base64), so that finding one takes
 * the same time however much of it is right.
 */
export class MemoryAccounts implements Accounts, AccountBook {
  readonly #byExtension = new Map<ExtensionId, Account>();
  readonly #byUser = new Map<string, DigestAccount>();
  readonly #byToken = new Map<string, ExtensionId>();

  byDigest(domain: string, username: string): DigestAccount | undefined {
    return this.#byUser.get(userKey(domain, username));
  }

  byToken(token: string): Account | undefined {
    const extension = this.extensionOf(createHash('sha256').update(token).digest());
    return extension && this.#byExtension.get(extension);
  }

  /** Whose token this is the hash of, suspended or not. */
  extensionOf(tokenHash: Buffer): ExtensionId | undefined {
    return this.#byToken.get(tokenHash.toString('base64'));
  }

  /** Lets the extension's terminal in, with the credentials that it has; or, where it is suspended, not. */
  set(extension: StoredExtension, domain: string): void {
    this.#withdraw(extension.id);
    if (extension.suspended) return;
    const account: Account = {
      organization: extension.organization,
      domain,
      terminal: homeTerminalOf(extension.id),
      number: extension.number,
    };
    this.#byExtension.set(extension.id, account);
    const secrets = extension.digest;
    if (secrets) this.#byUser.set(userKey(domain, extension.number), { account, secrets });
  }

  addToken(tokenHash: Buffer, extension: ExtensionId): void {
    this.#byToken.set(tokenHash.toString('base64'), extension);
  }

  deleteToken(tokenHash: Buffer): void {
    this.#byToken.delete(tokenHash.toString('base64'));
  }

  /** The extension is gone, and its tokens with it. */
  delete(extension: ExtensionId): void {
    this.#withdraw(extension);
    for (const [hash, owner] of this.#byToken) if (owner === extension) this.#byToken.delete(hash);
  }

  #withdraw(extension: ExtensionId): void {
    const account = this.#byExtension.get(extension);
    if (!account) return;
    this.#byExtension.delete(extension);
    this.#byUser.delete(userKey(account.domain, account.number));
  }
}

/** No domain has a space in it. */
const userKey = (domain: string, username: string): string => `${domain} ${username}`;
