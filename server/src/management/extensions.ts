import { forwardFault, forwardTargets, validateSecretCode, validateVoicemailPin } from '@perch/shared';
import type { ExtensionChange, ExtensionId, OrganizationId, SipCredentials } from '@perch/shared';
import type { BookAnswer, BookCommand, WholeExtension } from '../exchange/contract/commands.ts';
import type { DigestSecrets, ExtensionNotice, ListedExtension } from '../exchange/contract/extensions.ts';
import type { Extension, Organization } from '../exchange/ports.ts';
import type { Chance } from '../world/chance.ts';
import { digestSecrets } from './digest-secrets.ts';
import type { AccountBook, Exchanges } from './ports.ts';
import { Refusal } from './refusal.ts';
import { slowHash } from './slow-hash.ts';

interface ExtensionPorts {
  readonly accounts: AccountBook;
  readonly exchanges: Exchanges;
  /** Can this server send mail at all? */
  readonly canMail: boolean;
  readonly chance: Chance;
}

const FORWARD_FAULTS: Readonly<Record<NonNullable<ReturnType<typeof forwardFault>>, (to: string) => string>> =
  {
    itself: () => 'Calls cannot go on to the extension itself.',
    emergency: (to) => `${to} is for emergencies: no other calls go there.`,
    unknown: (to) => `There is no extension ${to}.`,
  };

/** The organization, and who acts in it. */
export interface Acting {
  readonly organization: OrganizationId;
  /** The name for records: the administrator, or the owner who changes something of their own. */
  readonly who: string;
}

/** The extensions of one organization, as it tells of them. */
interface Listed {
  readonly organization: Organization;
  readonly byNumber: Map<string, Extension>;
}

/**
 * The extensions of every organization, as their organizations tell of them, and the commands that change them. Secrets are hashed here;
 * an organization's book keeps the hashes. An organization tells of a change before it answers the command that made it.
 */
export class Extensions {
  readonly #ports: ExtensionPorts;
  readonly #lists = new Map<OrganizationId, Listed>();
  readonly #known = new Map<ExtensionId, Extension>();

  constructor(ports: ExtensionPorts) {
    this.#ports = ports;
  }

  /** Resolves once the extensions of a running organization are known. */
  follow(organization: Organization): Promise<void> {
    const list: Listed = { organization, byNumber: new Map() };
    this.#lists.set(organization.id, list);
    return new Promise((resolve) => {
      this.#ports.exchanges.of(organization.id).followExtensions((notice) => {
        this.#hear(list, notice);
        if (notice.kind === 'all') resolve();
      });
    });
  }

  organizations(): readonly Organization[] {
    return Array.from(this.#lists.values(), ({ organization }) => organization);
  }

  /** @throws where there is no such organization. */
  organization(id: OrganizationId): Organization {
    return this.#listOf(id).organization;
  }

  byId(id: ExtensionId): Extension | undefined {
    return this.#known.get(id);
  }

  /** In the order of their numbers, as people sort them. */
  all({ organization }: Pick<Acting, 'organization'>): readonly Extension[] {
    return [...this.#listOf(organization).byNumber.values()].sort((a, b) => a.number.localeCompare(b.number));
  }

  find(organization: OrganizationId, number: string): Extension | Refusal {
    return this.#listOf(organization).byNumber.get(number) ?? noSuchExtension(number);
  }

  /** `sipPassword`: the one that it has from the beginning. */
  async create(
    { organization }: Acting,
    extension: WholeExtension,
    sipPassword?: string,
  ): Promise<Extension | Refusal> {
    const impossible = this.refusalOf(extension);
    if (impossible) return impossible;
    const { number } = extension;
    const refusal = await this.#ask(organization, number, {
      kind: 'create-extension',
      extension,
      digest: sipPassword === undefined ? null : this.#digestOf(organization, number, sipPassword),
    });
    return refusal ?? this.find(organization, number);
  }

  async change(
    { organization, who }: Acting,
    number: string,
    change: ExtensionChange,
  ): Promise<Extension | Refusal> {
    const before = this.find(organization, number);
    if (before instanceof Refusal) return before;
    const impossible = this.refusalOf(change) ?? this.#forwardRefusal(organization, number, change);
    if (impossible) return impossible;
    const refusal = await this.#ask(organization, number, { kind: 'change-extension', number, change, who });
    return refusal ?? this.find(organization, number);
  }

  /** Why calls to that extension cannot go on where they are to. */
  #forwardRefusal(
    organization: OrganizationId,
    number: string,
    { forwards }: Pick<ExtensionChange, 'forwards'>,
  ): Refusal | undefined {
    if (forwards === undefined) return undefined;
    const { emergencyNumbers } = this.organization(organization);
    const exists = (to: string) => !(this.find(organization, to) instanceof Refusal);
    for (const to of forwardTargets(forwards)) {
      const fault = forwardFault(to, { own: number, emergencyNumbers, exists });
      if (fault !== null) return new Refusal('no-forward', FORWARD_FAULTS[fault](to));
    }
    return undefined;
  }

  /** Why this server can make no such change. */
  refusalOf({ voicemailMail }: Pick<ExtensionChange, 'voicemailMail'>): Refusal | undefined {
    return voicemailMail && !this.#ports.canMail ? NO_MAIL : undefined;
  }

  delete({ organization, who }: Acting, number: string): Promise<Refusal | undefined> {
    return this.#ask(organization, number, { kind: 'delete-extension', number, who });
  }

  async setSecretCode(
    { organization, who }: Acting,
    number: string,
    code: string,
  ): Promise<Refusal | undefined> {
    const weakness = validateSecretCode(code, number);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const hash = await slowHash(code, this.#ports.chance);
    return this.#ask(organization, number, { kind: 'set-secret-code', number, hash, who });
  }

  /** What guests have opened with the old PIN is locked. */
  async setVoicemailPin(
    { organization }: Pick<Acting, 'organization'>,
    number: string,
    pin: string,
  ): Promise<Refusal | undefined> {
    const weakness = validateVoicemailPin(pin, number);
    if (weakness) return new Refusal('weak-code', weakness.message);
    const hash = await slowHash(pin, this.#ports.chance);
    return this.#ask(organization, number, { kind: 'set-voicemail-pin', number, hash });
  }

  /** Phones that are connected with the old password are cut off. */
  async issueSipCredentials(
    { organization }: Acting,
    number: string,
    password = this.#ports.chance.bytes(18).toString('base64url'),
  ): Promise<SipCredentials | Refusal> {
    const digest = this.#digestOf(organization, number, password);
    const refusal = await this.#ask(organization, number, { kind: 'set-sip-password', number, digest });
    return refusal ?? { username: number, password };
  }

  async #ask(
    organization: OrganizationId,
    number: string,
    command: BookCommand,
  ): Promise<Refusal | undefined> {
    return refusalOf(await this.#ports.exchanges.of(organization).changeBook(command), number);
  }

  #digestOf(organization: OrganizationId, number: string, password: string): DigestSecrets {
    return digestSecrets(number, this.organization(organization).domain, password);
  }

  #listOf(organization: OrganizationId): Listed {
    const list = this.#lists.get(organization);
    if (!list) throw new Error(`no organization ${organization}`);
    return list;
  }

  #hear(list: Listed, notice: ExtensionNotice): void {
    switch (notice.kind) {
      case 'all':
        for (const listed of notice.extensions) this.#enter(list, listed);
        return;
      case 'entered':
        this.#enter(list, notice);
        return;
      case 'deleted':
        this.#forget(list, notice.extension);
        this.#ports.accounts.delete(notice.extension);
    }
  }

  #enter(list: Listed, { extension, digest }: ListedExtension): void {
    this.#forget(list, extension.id);
    this.#known.set(extension.id, extension);
    list.byNumber.set(extension.number, extension);
    this.#ports.accounts.set(extension, digest, list.organization.domain);
  }

  #forget({ byNumber }: Listed, id: ExtensionId): void {
    const known = this.#known.get(id);
    if (known) byNumber.delete(known.number);
    this.#known.delete(id);
  }
}

const NO_MAIL = new Refusal(
  'no-mail',
  'This server sends no mail: its administrator has set up no mail server.',
);

export const noSuchExtension = (number: string): Refusal =>
  new Refusal('not-found', `There is no extension ${number}.`);

/** Why a change was not made, in words for the person who asked for it. */
function refusalOf(answer: BookAnswer, number: string): Refusal | undefined {
  switch (answer.kind) {
    case 'done':
      return undefined;
    case 'not-found':
      return noSuchExtension(number);
    case 'number-taken':
      return new Refusal('number-taken', `There is an extension ${number} already.`);
    case 'guest-present':
      return new Refusal(
        'guest-present',
        `${answer.guest} is on this phone now. Say whether they return to their own phone or stay until they leave.`,
      );
  }
}
