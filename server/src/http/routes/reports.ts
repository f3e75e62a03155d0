import { api, type ReportQuery } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import { reportOf, type WholeReport } from '../../records/report.ts';
import { daysTable, reportPage, rowsTable } from '../../records/report-tables.ts';
import { isTimeZone } from '../../records/windows.ts';
import type { PersonCaller } from '../access/access.ts';
import { CsvFile } from '../files/csv-file.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';
import { recordsWithin } from '../access/records-within.ts';

/** Days that a report may have: three years. */
const MOST_DAYS = 1_100;
const DAY_MS = 86_400_000;
const NO_SUCH_ZONE = new Refusal('invalid-request', 'There is no such time zone.');

/** Figures, for people who may see them: each sees those of the extensions that they may see. */
export function reportRoutes(app: FastifyInstance, { management, history }: HttpPorts): void {
  const { organizations } = management;
  const { whose } = recordsWithin(management);

  const read = async (
    caller: PersonCaller,
    { extension, group, weekdays, ...query }: ReportQuery,
  ): Promise<(WholeReport & { readonly timeZone: string }) | Refusal> => {
    const extensions = whose(caller, extension, group);
    if (extensions instanceof Refusal) return extensions;
    const { organization } = caller.person;
    const timeZone = query.timeZone ?? (await organizations.timeZone(organization));
    if (!isTimeZone(timeZone)) return NO_SUCH_ZONE;
    if (Date.parse(query.until) - Date.parse(query.from) >= MOST_DAYS * DAY_MS)
      return new Refusal('invalid-request', `A report has at most ${String(MOST_DAYS)} days.`);
    const asked = { ...query, timeZone, weekdays: [...weekdays].map(Number) };
    const found = await reportOf(history(organization).additions, {
      ...asked,
      ...(extensions && { extensions }),
    });
    return { ...found, timeZone };
  };

  operation(app, management, api.report, async ({ caller, query: { size, skip, ...query } }) => {
    const found = await read(caller, query);
    if (found instanceof Refusal) return found;
    return { timeZone: found.timeZone, ...reportPage(found, skip, size) };
  });

  operation(app, management, api.reportFile, async ({ caller, query: { table, ...query } }) => {
    const found = await read(caller, query);
    if (found instanceof Refusal) return found;
    const { name, columns, rows } = table === 'days' ? daysTable(found) : rowsTable(found);
    return new CsvFile(name, columns, rows);
  });

  operation(app, management, api.setTimeZone, async ({ caller, body: { timeZone }, note }) => {
    if (!isTimeZone(timeZone)) return NO_SUCH_ZONE;
    const { organization } = caller.person;
    const before = { timeZone: await organizations.timeZone(organization) };
    note({ before, after: { timeZone } });
    await organizations.setTimeZone(organization, timeZone);
    return undefined;
  });
}
