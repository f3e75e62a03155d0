import {
  extensionId,
  extensionNumber,
  terminalId,
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
import { Turns } from '../collections/turns.ts';
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
 * The extensions of every organization, and every way to change them. An organization's changes are made one at a time: each is first
 * stored, then applied to the directory and the accounts; then the exchange acts on it.
 */
export class Extensions implements SecretCodes {
  readonly voicemailPins: VoicemailPins = {
    has: (extension) => this.#stored.get(extension)?.hasVoicemailPin ?? false,
    verify: (extension, pin) => slowVerify(this.#stored.get(extension)?.voicemailPinHash, pin),
  };
  readonly #ports: ExtensionPorts;
  readonly #directories = new Map<OrganizationId, MemoryDirectory>();
  readonly #turns = new Map<OrganizationId, Turns>();
  readonly #stored = new Map<ExtensionId, StoredExtension>();

  constructor(ports: ExtensionPorts) {
    this.#ports = ports;
  }

  /** Reads the extensions of these organizations from storage. */
  async load(organizations: readonly Organization[]): Promise<void> {
    for (const organization of organizations) this.addOrganization(organization);
    for (const extension of await this.#ports.repository.all()) this.#publish(extension);
  }

  addOrganization(organization: Organization): Directory {
    const directory = new MemoryDirectory(organization);
    this.#directories.set(organization.id, directory);
    this.#turns.set(organization.id, new Turns());
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

  create({ organization }: Acting, request: NewExtension): Promise<StoredExtension | Refusal> {
    return this.#inTurn(organization, async () => {
      const { number, name, kind, allowVirtualization } = request;
      if (this.#directory(organization).byNumber(number))
        return new Refusal('number-taken', `There is an extension ${number} already.`);
      const extension: StoredExtension = {
        id: extensionId(this.#ports.chance.id()),
        terminal: terminalId(this.#ports.chance.id()),
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
      await this.#ports.repository.insert(extension);
      this.#publish(extension);
      this.#ports.exchanges.of(organization).extensionChanged(extension.id);
      return extension;
    });
  }

  async change(acting: Acting, number: string, request: ExtensionChange): Promise<StoredExtension | Refusal> {
    const { allowVirtualization, presentGuest } = request;
    const changed = await this.#update(acting.organization, number, (before) => {
      if (request.voicemailMail && !this.#ports.canMail)
        return new Refusal(
          'no-mail',
          'This server sends no mail: its administrator has set up no mail server.',
        );
      const disallows = allowVirtualization === false && before.allowVirtualization;
      const guest = disallows && presentGuest === undefined ? this.#guestOf(before) : undefined;
      if (guest !== undefined)
        return new Refusal(
          'guest-present',
          `${guest} is on this phone now. Say whether they return to their own phone or stay until they leave.`,
        );
      return {
        name: request.name ?? before.name,
        allowVirtualization: allowVirtualization ?? before.allowVirtualization,
        suspended: request.suspended ?? before.suspended,
        voicemailMail: request.voicemailMail === undefined ? before.voicemailMail : request.voicemailMail,
      };
    });
    if (changed instanceof Refusal) return changed;
    const { before, after } = changed;
    const exchange = this.#ports.exchanges.of(acting.organization);
    const disallowed = allowVirtualization === false && before.allowVirtualization;
    // Also where the directory has said so before: the exchange may have failed the first time.
    if (disallowed || (allowVirtualization === false && presentGuest !== undefined))
      await exchange.virtualizationDisallowed(after.id, presentGuest ?? 'stay', acting.who);
    if (request.suspended) await exchange.extensionSuspended(after.id, acting.who);
    return after;
  }

  async delete(acting: Acting, number: string): Promise<Refusal | undefined> {
    const { organization, who } = acting;
    const deleted = await this.#inTurn(organization, async () => {
      const extension = this.find(organization, number);
      if (extension instanceof Refusal) return extension;
      await this.#ports.repository.delete(extension.id);
      this.#stored.delete(extension.id);
      this.#directory(organization).delete(extension.id);
      this.#ports.accounts.delete(extension.id);
      return extension;
    });
    if (deleted instanceof Refusal) return deleted;
    await this.#ports.exchanges.of(organization).extensionRemoved(deleted.id, who);
    return undefined;
  }

  async setSecretCode(acting: Acting, number: string, code: string): Promise<Refusal | undefined> {
    const weakness = validateSecretCode(code, number);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const secretCodeHash = await slowHash(code, this.#ports.chance);
    const secret = { secretCodeHash, hasSecretCode: true };
    const changed = await this.#update(acting.organization, number, () => secret);
    if (changed instanceof Refusal) return changed;
    const { before, after } = changed;
    if (before.hasSecretCode)
      await this.#ports.exchanges.of(acting.organization).secretCodeReplaced(after.id, acting.who);
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
    const secret = { voicemailPinHash, hasVoicemailPin: true };
    const changed = await this.#update(organization, number, () => secret);
    if (changed instanceof Refusal) return changed;
    await this.#ports.exchanges.of(organization).mailboxes.pinReplaced(changed.after.id);
    return undefined;
  }

  /** Phones that are connected with the old password are cut off. */
  async issueSipCredentials(
    { organization }: Acting,
    number: string,
    password = this.#ports.chance.bytes(18).toString('base64url'),
  ): Promise<SipCredentials | Refusal> {
    const { domain } = this.#directory(organization).organization;
    const secret = { digest: digestSecrets(number, domain, password) };
    const changed = await this.#update(organization, number, () => secret);
    return changed instanceof Refusal ? changed : { username: number, password };
  }

  /** Takes the work of a wrong code also for an unknown extension or one without a code. */
  verify(extension: ExtensionId | undefined, code: string): Promise<boolean> {
    const stored = extension && this.#stored.get(extension);
    return slowVerify(stored?.secretCodeHash, code);
  }

  #inTurn<Result>(organization: OrganizationId, task: () => Promise<Result>): Promise<Result> {
    const turns = this.#turns.get(organization);
    if (!turns) throw new Error(`no organization ${organization}`);
    return turns.take(task);
  }

  /** Changes what `change` says, from what is stored when the change's turn has come. */
  #update(
    organization: OrganizationId,
    number: string,
    change: (before: StoredExtension) => Partial<StoredExtension> | Refusal,
  ): Promise<{ readonly before: StoredExtension; readonly after: StoredExtension } | Refusal> {
    return this.#inTurn(organization, async () => {
      const before = this.find(organization, number);
      if (before instanceof Refusal) return before;
      const changes = change(before);
      if (changes instanceof Refusal) return changes;
      const after = { ...before, ...changes };
      await this.#ports.repository.update(after);
      this.#publish(after);
      this.#ports.exchanges.of(organization).extensionChanged(after.id);
      return { before, after };
    });
  }

  #publish(extension: StoredExtension): void {
    const directory = this.#directory(extension.organization);
    this.#stored.set(extension.id, extension);
    directory.set(withoutSecrets(extension));
    this.#ports.accounts.set(extension, directory.organization.domain);
  }

  #guestOf(extension: StoredExtension): string | undefined {
    const view = this.#ports.exchanges.of(extension.organization).view(extension.terminal);
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
