import type { ExtensionId, PhoneDeed } from '@perch/shared';
import type { Extension, ExtensionNotice, ListedExtension } from '../contract/extensions.ts';
import { MemoryDirectory } from '../directory.ts';
import type { Happened } from '../happenings.ts';
import type { Directory, Organization, SecretCodes } from '../ports.ts';
import type { VoicemailPins } from '../voicemail/ports.ts';
import { leadsTo } from './rules.ts';
import type { BookStore, Secrets, StoredExtension, VerifySecret } from './ports.ts';

interface BookPorts {
  readonly organization: Organization;
  readonly store: BookStore;
  readonly verifySecret: VerifySecret;
  readonly happened: Happened;
}

/**
 * The extensions of one organization with their secrets and settings, in memory as they are stored. Each change is first durable, then
 * in the directory, then told to those who follow.
 */
export class Book implements SecretCodes {
  readonly voicemailPins: VoicemailPins = {
    has: (extension) => this.#directory.byId(extension)?.hasVoicemailPin ?? false,
    verify: (extension, pin) => this.#ports.verifySecret(this.#secrets.get(extension)?.voicemailPinHash, pin),
  };
  readonly #ports: BookPorts;
  readonly #directory: MemoryDirectory;
  readonly #secrets = new Map<ExtensionId, Secrets>();
  readonly #followers = new Set<(notice: ExtensionNotice) => void>();

  static async open(ports: BookPorts): Promise<Book> {
    return new Book(ports, await ports.store.load());
  }

  private constructor(ports: BookPorts, stored: readonly StoredExtension[]) {
    this.#ports = ports;
    this.#directory = new MemoryDirectory(ports.organization);
    for (const extension of stored) this.#keep(extension);
  }

  get directory(): Directory {
    return this.#directory;
  }

  byNumber(number: string): StoredExtension | undefined {
    const extension = this.#directory.byNumber(number);
    return extension && this.#stored(extension);
  }

  /** Those whose calls may go on to that number. */
  leadingTo(number: string): readonly StoredExtension[] {
    return [...this.#directory.all()].flatMap((extension) =>
      leadsTo(number, extension) ? (this.#stored(extension) ?? []) : [],
    );
  }

  #stored(extension: Extension): StoredExtension | undefined {
    const secrets = this.#secrets.get(extension.id);
    return secrets && { ...extension, ...secrets };
  }

  async insert(extension: StoredExtension): Promise<void> {
    await this.#ports.store.insert(extension);
    this.#enter(extension);
  }

  async update(extension: StoredExtension, dialled?: PhoneDeed): Promise<void> {
    await this.#ports.store.update(extension, dialled);
    this.#enter(extension);
  }

  /** `changed`: other extensions, as they are from then on. */
  async delete(id: ExtensionId, changed: readonly StoredExtension[]): Promise<void> {
    await this.#ports.store.delete(id, changed);
    for (const extension of changed) this.#enter(extension);
    this.#secrets.delete(id);
    this.#directory.delete(id);
    this.#tell({ kind: 'deleted', extension: id });
  }

  /** Tells all extensions now, and every change from now on; the result ends it. */
  follow(hear: (notice: ExtensionNotice) => void): () => void {
    this.#followers.add(hear);
    hear({ kind: 'all', extensions: Array.from(this.#directory.all(), (each) => this.#listed(each)) });
    return () => void this.#followers.delete(hear);
  }

  /** Takes the work of a wrong code also for an unknown extension or one without a code. */
  verify(extension: ExtensionId | undefined, code: string): Promise<boolean> {
    const known = extension && this.#secrets.get(extension);
    return this.#ports.verifySecret(known?.secretCodeHash, code);
  }

  #enter(extension: StoredExtension): void {
    this.#tell({ kind: 'entered', ...this.#listed(this.#keep(extension)) });
  }

  /** Returns it as the directory has it. */
  #keep(stored: StoredExtension): Extension {
    const { digest, secretCodeHash, voicemailPinHash } = stored;
    const extension = withoutSecrets(stored);
    this.#secrets.set(extension.id, { digest, secretCodeHash, voicemailPinHash });
    this.#directory.set(extension);
    return extension;
  }

  /** One object for all who know the extension in this process: each copy would be memory for every extension. */
  #listed(extension: Extension): ListedExtension {
    return { extension, digest: this.#secrets.get(extension.id)?.digest ?? null };
  }

  #tell(notice: ExtensionNotice): void {
    for (const hear of this.#followers) {
      try {
        hear(notice);
      } catch (error) {
        // The change has happened all the same: the person who asked for it must not be told that it has not.
        this.#ports.happened({ kind: 'failed', error });
      }
    }
  }
}

/** As anyone may know it. */
const withoutSecrets = (extension: Extension): Extension => ({
  id: extension.id,
  organization: extension.organization,
  terminal: extension.terminal,
  number: extension.number,
  name: extension.name,
  kind: extension.kind,
  group: extension.group,
  place: extension.place,
  plan: extension.plan,
  callBack: extension.callBack,
  language: extension.language,
  doNotDisturb: extension.doNotDisturb,
  forwards: extension.forwards,
  allowVirtualization: extension.allowVirtualization,
  hasSecretCode: extension.hasSecretCode,
  hasVoicemailPin: extension.hasVoicemailPin,
  voicemailMail: extension.voicemailMail,
  suspended: extension.suspended,
  stayLimits: extension.stayLimits,
  kiosk: extension.kiosk,
});
