import { api, type Endpoint, type ExtensionFate, type Facts } from '@perch/shared';
import type { FastifyRequest } from 'fastify';
import { type Deed, difference, type Noted } from '../management/audit.ts';
import type { Management } from '../management/management.ts';
import type { AuditSubject } from '../management/audit-repository.ts';
import type { StoredPerson } from '../management/repositories.ts';
import { Refusal, type RefusedPerson } from '../management/refusal.ts';
import type { Caller, PersonCaller } from './access/access.ts';

/** Characters of what a refused path has named. */
const LONGEST_ABOUT = 36;

/** What an operation adds to its entry where its path does not say it: before it changes anything. */
export interface Note {
  readonly about?: string;
  /** What the facts of the entry are of; `null`: of nothing that is stored afterwards. */
  readonly subject?: AuditSubject | null;
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

  /** Carries the operation out. What it changes is stored in one transaction with the entry; where it changes nothing, the entry comes after it. */
  async around<Answer>(operate: () => Promise<Answer>): Promise<Answer> {
    const { audit } = this.#management;
    let code = 'unavailable';
    let isTold = false;
    try {
      const { result, isNoted } = await audit.together(() => this.#deed('done'), operate);
      code = result instanceof Refusal ? result.code : 'done';
      isTold = isNoted && code === 'done';
      return result;
    } finally {
      if (!isTold) await this.#end(code);
    }
  }

  async #end(code: string): Promise<void> {
    // What was too much of anything but sign-ins is not noted: an entry costs more than the request.
    if (code === 'too-many-requests') return;
    const { organization, subject, noted } = this.#deed(code);
    const { audit } = this.#management;
    const entry = noted(subject && (await audit.facts(organization, subject)));
    if (code === 'done') await audit.note(organization, entry);
    else
      await this.#request.server.refusedRequests.noteVain(
        organization,
        entry,
        'owner' in this.#caller ? `phones: ${entry.action}` : entry.who,
      );
  }

  #deed(result: string): Deed {
    const [organization, who] = whoOf(this.#caller);
    const { about = this.#found.about ?? null, subject = this.#found.subject, ...facts } = this.#note;
    return {
      ...{ organization, subject },
      noted: (after) => ({
        ...{ who, address: this.#request.arrival.visitor, action: nameOf(this.#endpoint), about, result },
        ...difference(facts.before ?? this.#found.facts, facts.after ?? after),
      }),
    };
  }
}

/** Somebody has tried what their role does not allow. */
export function refusedEntry(
  endpoint: Endpoint,
  request: FastifyRequest,
  { person, code, token }: RefusedPerson,
): Noted {
  const { number, person: id } = request.params as { readonly number?: string; readonly person?: string };
  return {
    ...{ who: actorOf(person, token), address: request.arrival.visitor, action: nameOf(endpoint) },
    ...{ about: (number ?? id)?.slice(0, LONGEST_ABOUT) ?? null, result: code, before: null, after: null },
  };
}

/** One extension of many is created or changed: it has the entry that it would have alone. */
export async function noteExtension(
  { audit }: Management,
  caller: PersonCaller,
  /** The address of their browser. */
  address: string,
  number: string,
  work: () => Promise<ExtensionFate>,
): Promise<ExtensionFate> {
  const [organization, who] = whoOf(caller);
  const subject: AuditSubject = { kind: 'extension', number };
  const before = await audit.facts(organization, subject);
  const action = nameOf(before === null ? api.createExtension : api.changeExtension);
  const noted = (after: Facts | null) => ({
    ...{ who, address, action, about: number, result: 'done' },
    ...difference(before, after),
  });
  return (await audit.together(() => ({ organization, subject, noted }), work)).result;
}

/** Says who comes in, before that is stored: a person, or the phone of a number. */
export type Came = (
  who: Pick<StoredPerson, 'organization'> & { readonly email: string },
  after?: Facts | null,
) => void;

/** Somebody comes in, if `work` says so: the entry on it is stored in one transaction with it. */
export async function noteComing<Answer>(
  { audit }: Management,
  endpoint: Endpoint,
  /** The address of their browser. */
  address: string,
  work: (came: Came) => Promise<Answer>,
): Promise<Answer> {
  let coming: Deed | undefined;
  const came: Came = ({ organization, email }, after = null) => {
    const who = { who: email, address, action: nameOf(endpoint), about: email };
    coming = { organization, subject: null, noted: () => ({ ...who, result: 'done', before: null, after }) };
  };
  const { result, isNoted } = await audit.together(
    () => coming,
    () => work(came),
  );
  if (!isNoted && coming && !(result instanceof Refusal))
    await audit.note(coming.organization, coming.noted(null));
  return result;
}

/** What the path of a request names, as it is now. */
interface Found {
  readonly about?: string;
  readonly subject: AuditSubject | null;
  readonly facts: Facts | null;
}

async function find(management: Management, { params }: FastifyRequest, caller: Caller): Promise<Found> {
  const { audit, people, extensions } = management;
  const { number, person: id } = params as { readonly number?: string; readonly person?: string };
  const [organization] = whoOf(caller);
  const found = async (about: string, subject: AuditSubject): Promise<Found> => ({
    ...{ about, subject },
    facts: await audit.facts(organization, subject),
  });
  if (number !== undefined) return found(number, { kind: 'extension', number });
  if (id !== undefined && 'person' in caller) {
    const person = await people.known(caller.person, id);
    return found(person?.email ?? id, { kind: 'person', id });
  }
  if ('owner' in caller) {
    const { number: own } = extensions.byId(caller.owner.id) ?? caller.owner;
    return found(own, { kind: 'extension', number: own });
  }
  return { subject: null, facts: null };
}

/** Who it was, and with which of their tokens for scripts. */
const actorOf = ({ email }: StoredPerson, token: string | undefined): string =>
  token === undefined ? email : `${email} (token “${token}”)`;

function whoOf(caller: Caller) {
  if ('scope' in caller) {
    const { person, token } = caller;
    // Of somebody who is signed in, it is the secret of their session.
    return [person.organization, 'session' in caller ? person.email : actorOf(person, token)] as const;
  }
  if ('owner' in caller) return [caller.organization, caller.owner.number] as const;
  throw new Error('an operation for anyone cannot be noted this way');
}
