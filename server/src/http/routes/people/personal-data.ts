import { api } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../../management/refusal.ts';
import type { StoredPerson } from '../../../management/repositories.ts';
import type { Person } from '../../../personal/person.ts';
import { ArchiveFile } from '../../files/archive-file.ts';
import { operation } from '../../operation.ts';
import type { HttpPorts } from '../../ports.ts';

/** What is held about people: how much it is, all of it, and none of it any more. */
export function personalDataRoutes(app: FastifyInstance, { management, personalData }: HttpPorts): void {
  /** For whom an archive is being made: it reads all that there is. */
  const underWay = new Set<string>();

  async function archiveFor(
    by: StoredPerson,
    person: Person,
    isOwn: boolean,
  ): Promise<ArchiveFile | Refusal> {
    if (underWay.has(by.id)) return ONE_AT_A_TIME;
    underWay.add(by.id);
    try {
      const content = await personalData.archive(by.organization, person, isOwn);
      content.once('close', () => underWay.delete(by.id));
      return new ArchiveFile('Personal data', content);
    } catch (error) {
      underWay.delete(by.id);
      throw error;
    }
  }

  operation(app, management, api.ownData, async ({ caller: { person }, note }) => {
    const own = await personalData.find(person.organization, person.id);
    if (own instanceof Refusal) return own;
    note({ about: person.email, subject: null });
    return archiveFor(person, own, true);
  });

  operation(app, management, api.heldPeople, ({ caller, query }) =>
    personalData.people(caller.person.organization, query.text),
  );

  operation(app, management, api.held, async ({ caller, params }) => {
    const { organization } = caller.person;
    const person = await personalData.find(organization, params.subject);
    if (person instanceof Refusal) return person;
    const [view, held] = await Promise.all([
      personalData.view(organization, person),
      personalData.count(organization, person),
    ]);
    return { person: view, held };
  });

  operation(app, management, api.exportPerson, async ({ caller, params, note }) => {
    const person = await personalData.find(caller.person.organization, params.subject);
    if (person instanceof Refusal) return person;
    note({ about: person.extension?.number ?? person.accounts[0]?.email ?? person.id });
    return archiveFor(caller.person, person, false);
  });

  // The entry on it does not say whom: it would be the first that has to be changed.
  operation(app, management, api.erasePerson, async ({ caller, params, body }) => {
    const person = await personalData.find(caller.person.organization, params.subject);
    return person instanceof Refusal ? person : personalData.erase(caller.person, person, body.confirm);
  });
}

const ONE_AT_A_TIME = new Refusal(
  'too-many-requests',
  'An archive is being made for you already: wait until it is there.',
);
