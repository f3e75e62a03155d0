import { api, FIGURE_NAMES, FIGURES, type FigureName, type Report, type ReportQuery } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import { reportOf } from '../../records/report.ts';
import { isTimeZone } from '../../records/windows.ts';
import type { PersonCaller } from '../access/access.ts';
import { CsvFile } from '../files/csv-file.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';
import { recordsWithin } from '../access/records-within.ts';

/** Days that a report may have. */
const MOST_DAYS = 400;
const DAY_MS = 86_400_000;

/** Figures, for people who may see them: each sees those of the extensions that they may see. */
export function reportRoutes(app: FastifyInstance, { management, history }: HttpPorts): void {
  const { whose } = recordsWithin(management);

  const read = async (caller: PersonCaller, query: ReportQuery): Promise<Report | Refusal> => {
    const { extension, weekdays, timeZone = ownTimeZone(), from, until } = query;
    const extensions = whose(caller, extension);
    if (extensions instanceof Refusal) return extensions;
    if (!isTimeZone(timeZone)) return new Refusal('invalid-request', 'There is no such time zone.');
    if (Date.parse(until) - Date.parse(from) >= MOST_DAYS * DAY_MS)
      return new Refusal('invalid-request', `A report has at most ${String(MOST_DAYS)} days.`);
    return reportOf(history(caller.person.organization).additions, {
      ...{ ...query, timeZone, weekdays: [...weekdays].map(Number) },
      ...(extensions && { extensions }),
    });
  };

  operation(app, management, api.report, ({ caller, query }) => read(caller, query));

  operation(app, management, api.reportFile, async ({ caller, query }) => {
    const found = await read(caller, query);
    if (found instanceof Refusal) return found;
    const columns = ['number', 'name', ...FIGURE_NAMES.map(titleOf)];
    const rows = [...found.rows, { number: '', name: 'Total', figures: found.total }];
    return new CsvFile(
      'Report',
      columns,
      rows.map(({ number, name, figures }) => [
        ...[number, name],
        ...FIGURE_NAMES.map((figure) => cellOf(figure, figures[figure])),
      ]),
    );
  });
}

const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

const titleOf = (figure: FigureName): string =>
  FIGURES[figure].unit === 'ms' ? `${FIGURES[figure].name} (s)` : FIGURES[figure].name;

const cellOf = (figure: FigureName, value: number | null): number | null =>
  value !== null && FIGURES[figure].unit === 'ms' ? value / 1_000 : value;
