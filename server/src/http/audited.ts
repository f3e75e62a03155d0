import { api, type Endpoint, type ExtensionFate, type Facts } from '@perch/shared';
import type { FastifyRequest } from 'fastify';
import { difference } from '../management/audit.ts';
import type { Extension } from '../exchange/contract/extensions.ts';
import type { Management } from '../management/management.ts';
import type { StoredPerson } from '../management/repositories.ts';
import { Refusal, type RefusedPerson } from '../management/refusal.ts';
import type { Caller } from './access/access.ts';

/** Characters of what a refused path has named. */
const LONGEST_ABOUT = 36;

/** What an operation adds to its entry where its path does not say it. */
export interface Note {
  readonly about?: string;
  readonly before?: Facts;
  readonly after?: Facts;
}

const NAMES = new Map<Endpoint, string>(Object.entries(api).map(([name, endpoint]) => [endpoint, name]));

/** The name of an operation in the contract. */
export const nameOf = (endpoint: Endpoint): string => NAMES.get(endpoint) ?? endpoint.path;

/** Is each request for this noted? Everything with which people change something is, and what says so itself. */
const isAudited = ({ access, audited, method }: Endpoint): boolean =>
  audited ?? (access !== 'anyone' && access !== 'terminal' && method !== 'GET');

/** An entry of the audit that is being made: what is there before the operation, what it adds, and what came of it. */
export class Entry {
  readonly #management: Management;
  readonly #request: FastifyRequest;
  readonly #endpoint: Endpoint;
  readonly #caller: Caller;
  readonly #found: Found;
  #note: Note = {};

  /** `undefined` where no entry is made. To be called before the operation. */
  static async begin(
    management: Management,
    endpoint: Endpoint,
    request: FastifyRequest,
    caller: Caller,
  ): Promise<Entry | undefined> {
    if (!isAudited(endpoint)) return undefined;
    return new Entry(management, endpoint, request, caller, await find(management, request, caller));
  }

  private constructor(
    management: Management,
    endpoint: Endpoint,
    request: FastifyRequest,
    caller: Caller,
    found: Found,
  ) {
    this.#management = management;
    this.#endpoint = endpoint;
    this.#request = request;
    this.#caller = caller;
    this.#found = found;
  }

  readonly add = (note: Note): void => {
    this.#note = { ...this.#note, ...note };
  };

  async end(result: string): Promise<void> {
    // What was too much of anything but sign-ins is not noted: an entry costs more than the request.
    if (result === 'too-many-requests') return;
    const [organization, who] = whoOf(this.#caller);
    const after = await find(this.#management, this.#request, this.#caller);
    const { about = this.#found.about ?? null, ...noted } = this.#note;
    await this.#management.audit.note(organization, {
      ...{ who, address: this.#request.arrival.visitor, action: nameOf(this.#endpoint), about, result },
      ...difference(noted.before ?? this.#found.facts, noted.after ?? after.facts),
    });
  }
}

/** Somebody has tried what their role does not allow. */
export async function noteRefused(
  { audit }: Management,
  endpoint: Endpoint,
  request: FastifyRequest,
  { person, code }: RefusedPerson,
): Promise<void> {
  const { number, person: id } = request.params as { readonly number?: string; readonly person?: string };
  await audit.note(person.organization, {
    ...{ who: person.email, address: request.arrival.visitor, action: nameOf(endpoint) },
    ...{ about: (number ?? id)?.slice(0, LONGEST_ABOUT) ?? null, result: code, before: null, after: null },
  });
}

/** One extension of many is created or changed: it has the entry that it would have alone. */
export async function noteExtension(
  management: Management,
  { organization, email }: StoredPerson,
  /** The address of their browser. */
  address: string,
  number: string,
  work: () => Promise<ExtensionFate>,
): Promise<ExtensionFate> {
  const factsNow = (): Facts | null => {
    const extension = management.extensions.find(organization, number);
    return extension instanceof Refusal ? null : extensionFacts(extension);
  };
  const before = factsNow();
  const done = await work();
  if (done.fate !== 'created' && done.fate !== 'changed') return done;
  const action = nameOf(done.fate === 'created' ? api.createExtension : api.changeExtension);
  await management.audit.note(organization, {
    ...{ who: email, address, action, about: number, result: 'done' },
    ...difference(before, factsNow()),
  });
  return done;
}

/** Somebody comes in, or tries to. */
export const noteComing = (
  { audit }: Management,
  endpoint: Endpoint,
  { organization, email }: StoredPerson,
  /** The address of their browser. */
  address: string,
  result: string,
  after: Facts | null = null,
): Promise<void> =>
  audit.note(organization, {
    ...{ who: email, address, action: nameOf(endpoint), about: email, result },
    ...{ before: null, after },
  });

/** What the path of a request names, as it is now. */
interface Found {
  readonly about?: string;
  readonly facts: Facts | null;
}

async function find(management: Management, { params }: FastifyRequest, caller: Caller): Promise<Found> {
  const { number, person: id } = params as { readonly number?: string; readonly person?: string };
  const [organization] = whoOf(caller);
  if (number !== undefined) {
    const extension = management.extensions.find(organization, number);
    return { about: number, facts: extension instanceof Refusal ? null : extensionFacts(extension) };
  }
  if (id !== undefined && 'person' in caller) {
    const person = await management.people.known(caller.person, id);
    return person
      ? { about: person.email, facts: await personFacts(management, person) }
      : { about: id, facts: null };
  }
  if ('owner' in caller) {
    const { owner } = caller;
    return { about: owner.number, facts: extensionFacts(management.extensions.byId(owner.id) ?? owner) };
  }
  return { facts: null };
}

function whoOf(caller: Caller) {
  if ('person' in caller) return [caller.person.organization, caller.person.email] as const;
  if ('owner' in caller) return [caller.organization, caller.owner.number] as const;
  throw new Error('an operation for anyone cannot be noted this way');
}

const extensionFacts = (extension: Extension): Facts => ({
  name: extension.name,
  kind: extension.kind,
  group: extension.group,
  place: extension.place,
  plan: extension.plan && `${extension.plan.x}, ${extension.plan.y}`,
  allowVirtualization: extension.allowVirtualization,
  suspended: extension.suspended,
  voicemailMail: extension.voicemailMail,
  hasSecretCode: extension.hasSecretCode,
  hasVoicemailPin: extension.hasVoicemailPin,
});

async function personFacts(
  { extensions, people, secondFactors }: Management,
  person: StoredPerson,
): Promise<Facts> {
  const { roles, extension, groups, passwordHash } = person;
  const hasProvider = await people.hasIdentity(person);
  return {
    roles: [...roles],
    extension: (extension && extensions.byId(extension)?.number) ?? null,
    groups: groups && [...groups],
    isInvited: passwordHash === null && !hasProvider,
    hasProvider,
    hasSecondFactor: await secondFactors.isOn(person),
  };
}
