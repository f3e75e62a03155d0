import {
  extensionId,
  extensionNumber,
  homeTerminalOf,
  validateSecretCode,
  validateVoicemailPin,
} from '@perch/shared';
import type {
  ExtensionChange,
  ExtensionId,
  NewExtension,
  OrganizationId,
  SipCredentials,
} from '@perch/shared';
import { MemoryDirectory } from '../exchange/directory.ts';
import type { Directory, Extension, Organization, SecretCodes } from '../exchange/ports.ts';
import type { VoicemailPins } from '../exchange/voicemail/ports.ts';
import type { Chance } from '../world/chance.ts';
import { digestSecrets } from './digest-secrets.ts';
import type { AccountBook, Exchanges, ExtensionRepository, StoredExtension } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowHash, slowVerify } from './slow-hash.ts';

interface ExtensionPorts {
  readonly repository: ExtensionRepository;
  readonly accounts: AccountBook;
  readonly exchanges: Exchanges;
  /** Can this server send mail at all? */
  readonly canMail: boolean;
  readonly chance: Chance;
}

/** The organization, and who acts in it. */
export interface Acting {
  readonly organization: OrganizationId;
  /** The name for records: the administrator, or the owner who changes something of their own. */
  readonly who: string;
}

/**
 * The extensions of every organization, and every way to change them. A change is first stored, then applied to the directory and the
 * accounts, all in one turn of the event loop; then the exchange acts on it.
 */
export class Extensions implements SecretCodes {
  readonly voicemailPins: VoicemailPins = {
    has: (extension) => this.#stored.get(extension)?.hasVoicemailPin ?? false,
    verify: (extension, pin) => slowVerify(this.#stored.get(extension)?.voicemailPinHash, pin),
  };
  readonly #ports: ExtensionPorts;
  readonly #directories = new Map<OrganizationId, MemoryDirectory>();
  readonly #stored = new Map<ExtensionId, StoredExtension>();

  constructor(ports: ExtensionPorts) {
    this.#ports = ports;
  }

  /** Reads the extensions of these organizations from storage. */
  load(organizations: readonly Organization[]): void {
    for (const organization of organizations) this.addOrganization(organization);
    for (const extension of this.#ports.repository.all()) this.#publish(extension);
  }

  addOrganization(organization: Organization): Directory {
    const directory = new MemoryDirectory(organization);
    this.#directories.set(organization.id, directory);
    return directory;
  }

  directories(): Iterable<Directory> {
    return this.#directories.values();
  }

  /** @throws where there is no such organization. */
  directoryOf(organization: OrganizationId): Directory {
    return this.#directory(organization);
  }

  byId(id: ExtensionId): StoredExtension | undefined {
    return this.#stored.get(id);
  }

  /** In the order of their numbers, as people sort them. */
  all({ organization }: Pick<Acting, 'organization'>): readonly Extension[] {
    return [...this.#directory(organization).all()].sort((a, b) => a.number.localeCompare(b.number));
  }

  find(organization: OrganizationId, number: string): StoredExtension | Refusal {
    const known = this.#directory(organization).byNumber(number);
    const stored = known && this.#stored.get(known.id);
    return stored ?? new Refusal('not-found', `There is no extension ${number}.`);
  }

  create({ organization }: Acting, request: NewExtension): StoredExtension | Refusal {
    const directory = this.#directory(organization);
    const { number, name, kind, allowVirtualization } = request;
    if (directory.byNumber(number))
      return new Refusal('number-taken', `There is an extension ${number} already.`);
    const id = extensionId(this.#ports.chance.id());
    const extension: StoredExtension = {
      id,
      terminal: homeTerminalOf(id),
      organization,
      number: extensionNumber(number),
      name,
      kind,
      allowVirtualization,
      suspended: false,
      hasSecretCode: false,
      secretCodeHash: null,
      hasVoicemailPin: false,
      voicemailPinHash: null,
      voicemailMail: null,
      digest: null,
    };
    this.#ports.repository.insert(extension);
    this.#publish(extension);
    this.#ports.exchanges.of(organization).extensionChanged(extension.id);
    return extension;
  }

  async change(acting: Acting, number: string, request: ExtensionChange): Promise<StoredExtension | Refusal> {
    const before = this.find(acting.organization, number);
    if (before instanceof Refusal) return before;
    const { allowVirtualization, presentGuest, voicemailMail = before.voicemailMail } = request;
    if (request.voicemailMail && !this.#ports.canMail)
      return new Refusal(
        'no-mail',
        'This server sends no mail: its administrator has set up no mail server.',
      );
    const disallowed = allowVirtualization === false && before.allowVirtualization;
    const guest = disallowed && presentGuest === undefined ? this.#guestOf(before) : undefined;
    if (guest !== undefined)
      return new Refusal(
        'guest-present',
        `${guest} is on this phone now. Say whether they return to their own phone or stay until they leave.`,
      );
    const after: StoredExtension = {
      ...before,
      name: request.name ?? before.name,
      allowVirtualization: allowVirtualization ?? before.allowVirtualization,
      suspended: request.suspended ?? before.suspended,
      voicemailMail,
    };
    this.#store(after);
    const exchange = this.#ports.exchanges.of(acting.organization);
    // Also where the directory has said so before: the exchange may have failed the first time.
    if (disallowed || (allowVirtualization === false && presentGuest !== undefined))
      await exchange.virtualizationDisallowed(after.id, presentGuest ?? 'stay', acting.who);
    if (request.suspended) await exchange.extensionSuspended(after.id, acting.who);
    return after;
  }

  async delete(acting: Acting, number: string): Promise<Refusal | undefined> {
    const extension = this.find(acting.organization, number);
    if (extension instanceof Refusal) return extension;
    this.#ports.repository.delete(extension.id);
    this.#stored.delete(extension.id);
    this.#directory(acting.organization).delete(extension.id);
    this.#ports.accounts.delete(extension.id);
    await this.#ports.exchanges.of(acting.organization).extensionRemoved(extension.id, acting.who);
    return undefined;
  }

  async setSecretCode(acting: Acting, number: string, code: string): Promise<Refusal | undefined> {
    const weakness = validateSecretCode(code, number);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const secretCodeHash = await slowHash(code, this.#ports.chance);
    const extension = this.find(acting.organization, number);
    if (extension instanceof Refusal) return extension;
    this.#store({ ...extension, secretCodeHash, hasSecretCode: true });
    if (extension.hasSecretCode)
      await this.#ports.exchanges.of(acting.organization).secretCodeReplaced(extension.id, acting.who);
    return undefined;
  }

  /** What guests have opened with the old PIN is locked. */
  async setVoicemailPin(
    { organization }: Pick<Acting, 'organization'>,
    number: string,
    pin: string,
  ): Promise<Refusal | undefined> {
    const weakness = validateVoicemailPin(pin, number);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const voicemailPinHash = await slowHash(pin, this.#ports.chance);
    const extension = this.find(organization, number);
    if (extension instanceof Refusal) return extension;
    this.#store({ ...extension, voicemailPinHash, hasVoicemailPin: true });
    await this.#ports.exchanges.of(organization).mailboxes.pinReplaced(extension.id);
    return undefined;
  }

  /** Phones that are connected with the old password are cut off. */
  issueSipCredentials(
    { organization }: Acting,
    number: string,
    password = this.#ports.chance.bytes(18).toString('base64url'),
  ): SipCredentials | Refusal {
    const extension = this.find(organization, number);
    if (extension instanceof Refusal) return extension;
    const { domain } = this.#directory(organization).organization;
    this.#store({ ...extension, digest: digestSecrets(number, domain, password) });
    return { username: number, password };
  }

  /** Takes the work of a wrong code also for an unknown extension or one without a code. */
  verify(extension: ExtensionId | undefined, code: string): Promise<boolean> {
    const stored = extension && this.#stored.get(extension);
    return slowVerify(stored?.secretCodeHash, code);
  }

  #store(extension: StoredExtension): void {
    this.#ports.repository.update(extension);
    this.#publish(extension);
    this.#ports.exchanges.of(extension.organization).extensionChanged(extension.id);
  }

  #publish(extension: StoredExtension): void {
    const directory = this.#directory(extension.organization);
    this.#stored.set(extension.id, extension);
    directory.set(withoutSecrets(extension));
    this.#ports.accounts.set(extension, directory.organization.domain);
  }

  #guestOf(extension: StoredExtension): string | undefined {
    const view = this.#ports.exchanges.of(extension.organization).view(homeTerminalOf(extension.id));
    return view?.occupancy.kind === 'guest' ? view.occupancy.guest.name : undefined;
  }

  #directory(organization: OrganizationId): MemoryDirectory {
    const directory = this.#directories.get(organization);
    if (!directory) throw new Error(`no organization ${organization}`);
    return directory;
  }
}

const withoutSecrets = (extension: StoredExtension): Extension => ({
  id: extension.id,
  terminal: extension.terminal,
  number: extension.number,
  name: extension.name,
  kind: extension.kind,
  allowVirtualization: extension.allowVirtualization,
  hasSecretCode: extension.hasSecretCode,
  hasVoicemailPin: extension.hasVoicemailPin,
  voicemailMail: extension.voicemailMail,
  suspended: extension.suspended,
});
