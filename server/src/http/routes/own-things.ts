import { api, extensionId, type HistoryPage, type HistoryQuery } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import { pastCallOf } from '../../records/own-history.ts';
import type { RecordCursor } from '../../records/ports.ts';
import { changePace } from '../access/change-pace.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** What a browser may ask for in a minute: more than anyone turns pages, or calls end at one phone. */
const MOST_QUESTIONS = 120;

/** What the person at a terminal has of their own, at whichever phone they are: their calls, and their favourites. */
export function ownThingsRoutes(app: FastifyInstance, { management, history }: HttpPorts): void {
  const { exchanges } = management;
  const paced = changePace(app);
  const pacedQuestions = changePace(app, MOST_QUESTIONS);

  operation(app, management, api.history, ({ caller, query, request }) =>
    pacedQuestions(request, () => pageOf(caller, query)),
  );

  const pageOf = async (
    { organization, terminal }: EnrolledBrowser,
    query: HistoryQuery,
  ): Promise<HistoryPage | Refusal> => {
    const exchange = exchanges.of(organization);
    const person = await exchange.personAt(terminal);
    if (person === null) return NOBODY_HERE;
    const { calls } = history(organization);
    const own = { extensions: [extensionId(person.extension)], inHistory: true } as const;
    const { records, next } = await calls.calls(
      { ...own, ...(query.missed && { missed: 'all' }) },
      query.size,
      query.after as RecordCursor | undefined,
    );
    const [first, last] = [records[0], records.at(-1)];
    const times = first && last && { from: last.startedAt, until: first.startedAt + 1 };
    const open =
      times === undefined
        ? []
        : (await calls.calls({ ...own, ...times, missed: 'unreturned' }, MOST)).records;
    const unreturned = new Set(open.map(({ id }) => id));
    // Somebody else may have come to this terminal meanwhile.
    if ((await exchange.personAt(terminal))?.extension !== person.extension) return NOBODY_HERE;
    return {
      extension: person.number,
      calls: records.flatMap((record) => {
        const call = pastCallOf(record, person.extension, !unreturned.has(record.id));
        return call === undefined ? [] : { ...call, returned: call.result === 'missed' && call.returned };
      }),
      next,
    };
  };

  operation(app, management, api.seeHistory, ({ caller: { organization, terminal }, body, request }) =>
    paced(request, async () => {
      const seen = await exchanges.of(organization).seeMissed(terminal, body.of, body.until);
      return seen === 'done' ? undefined : NOBODY_HERE;
    }),
  );

  operation(app, management, api.setFavourite, ({ caller, params: { number }, body, request }) =>
    paced(request, async () => {
      const { organization, terminal } = caller;
      switch (await exchanges.of(organization).setFavourite(terminal, body.of, number, body.favourite)) {
        case 'done':
          return undefined;
        case 'not-here':
          return NOBODY_HERE;
        case 'not-found':
          return new Refusal('not-found', 'Nobody else in this organization has that number.');
        case 'full':
          return new Refusal('favourites-full', 'There are as many favourites as there can be.');
      }
    }),
  );
}

/** More than a page of the history has. */
const MOST = 100;

const NOBODY_HERE = new Refusal('phone-locked', 'Nobody whose calls these would be is at this phone now.');
