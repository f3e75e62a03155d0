import { api, type CallsQuery, type StaysQuery } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { Refusal } from '../../management/refusal.ts';
import type { CallFilter, RecordCursor, StayFilter } from '../../records/ports.ts';
import { CALL_COLUMNS, rowsOf, STAY_COLUMNS } from '../../records/tables.ts';
import type { PersonCaller } from '../access/access.ts';
import { CsvFile } from '../files/csv-file.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';
import { readBy, recordsWithin } from '../access/records-within.ts';

/** Calls that count as being at about an instant: from so long before to so long after it (milliseconds). */
const ABOUT_MS = 10 * 60_000;
const MOST_ABOUT = 20;

/** What has happened, for people who may see it: each sees records of the extensions that they may see. */
export function recordRoutes(app: FastifyInstance, { management, history }: HttpPorts): void {
  const { extensions } = management;

  const { findFor, whose } = recordsWithin(management);

  /** Anyone may ask about any desk: what they see of it is what their own extensions did there. */
  const deskOf = ({ person }: PersonCaller, number: string | undefined): Extension | undefined | Refusal =>
    number === undefined ? undefined : extensions.find(person.organization, number);

  const callsAsked = (caller: PersonCaller, query: CallsQuery): CallFilter | Refusal => {
    const { extension, station, from, until, direction, result, missed } = query;
    const [ids, desk] = [whose(caller, extension), deskOf(caller, station)];
    if (ids instanceof Refusal) return ids;
    if (desk instanceof Refusal) return desk;
    return {
      ...(ids && { extensions: ids }),
      ...(desk && { terminal: desk.terminal }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(direction && { direction }),
      ...(result && { result }),
      ...(missed && { missed }),
    };
  };

  const staysAsked = (caller: PersonCaller, query: StaysQuery): StayFilter | Refusal => {
    const { extension, station, from, until } = query;
    const [ids, desk] = [whose(caller, extension), deskOf(caller, station)];
    if (ids instanceof Refusal) return ids;
    if (desk instanceof Refusal) return desk;
    return {
      ...(ids && { extensions: ids }),
      ...(desk && { desk: desk.id }),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
    };
  };

  operation(app, management, api.calls, async ({ caller, query }) => {
    const filter = callsAsked(caller, query);
    if (filter instanceof Refusal) return filter;
    const { calls } = history(caller.person.organization);
    const { records, next } = await calls.calls(filter, query.size, query.after as RecordCursor | undefined);
    return { records: readBy(caller, records), next };
  });

  operation(app, management, api.callsFile, ({ caller, query }) => {
    const filter = callsAsked(caller, query);
    if (filter instanceof Refusal) return filter;
    const { calls } = history(caller.person.organization);
    const rows = rowsOf(CALL_COLUMNS, async (size, after) => {
      const { records, next } = await calls.calls(filter, size, after);
      return { records: readBy(caller, records), next };
    });
    return new CsvFile('Calls', Object.keys(CALL_COLUMNS), rows);
  });

  operation(app, management, api.whyNotRung, async ({ caller, query: { extension: number, at } }) => {
    const extension = findFor(caller, number);
    if (extension instanceof Refusal) return extension;
    const { calls, stays } = history(caller.person.organization);
    const { id, name } = extension;
    const about = { from: at - ABOUT_MS, until: at + ABOUT_MS };
    const [found, guestAt, guestHere] = await Promise.all([
      calls.calls({ extensions: [id], direction: 'received', ...about }, MOST_ABOUT),
      stays.guestAt(id, at),
      stays.guestHere(id, at),
    ]);
    return {
      ...{ extension: { number, name }, at, calls: readBy(caller, found.records) },
      ...{ guestAt: guestAt ?? null, guestHere: guestHere ?? null },
    };
  });

  operation(app, management, api.stays, async ({ caller, query }) => {
    const filter = staysAsked(caller, query);
    if (filter instanceof Refusal) return filter;
    const { stays } = history(caller.person.organization);
    const { records, next } = await stays.page(filter, query.size, query.after as RecordCursor | undefined);
    return { records: [...records], next };
  });

  operation(app, management, api.staysFile, ({ caller, query }) => {
    const filter = staysAsked(caller, query);
    if (filter instanceof Refusal) return filter;
    const { stays } = history(caller.person.organization);
    const rows = rowsOf(STAY_COLUMNS, (size, after) => stays.page(filter, size, after));
    return new CsvFile('Stays at desks', Object.keys(STAY_COLUMNS), rows);
  });
}
