import { FIGURE_NAMES, FIGURES, type FigureName, figuresOf, type Report } from '@perch/shared';
import type { WholeReport } from './report.ts';

type Cell = string | number | null;

/** A table as a file has it. */
interface Table {
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** So many rows of the report, after the first `skip`. */
export const reportPage = (
  { hours, rows, total, days }: WholeReport,
  skip: number,
  size: number,
): Omit<Report, 'timeZone'> => ({
  ...{ hours, count: rows.length, total: { ...figuresOf(total, hours) }, days: [...days] },
  rows: rows
    .slice(skip, skip + size)
    .map(({ number, name, sums }) => ({ number, name, figures: { ...figuresOf(sums, hours) } })),
});

/** All of its rows, in the same order, and their total. */
export function rowsTable({ rows, total, hours }: WholeReport): Table {
  return {
    name: 'Report',
    columns: ['number', 'name', ...FIGURE_NAMES.map(titleOf)],
    rows: [...rows, { number: '', name: 'Total', sums: total }].map(({ number, name, sums }) => {
      const figures = figuresOf(sums, hours);
      return [number, name, ...FIGURE_NAMES.map((figure) => cellOf(figure, figures[figure]))];
    }),
  };
}

const BY_DAY = ['handled', 'missed', 'declined', 'outgoing'] as const satisfies readonly FigureName[];

/** How many calls there were each day. */
export const daysTable = ({ days }: WholeReport): Table => ({
  name: 'Report by day',
  columns: ['day', ...BY_DAY.map(titleOf)],
  rows: days.map((day) => [day.date, ...BY_DAY.map((figure) => day[figure])]),
});

const titleOf = (figure: FigureName): string =>
  FIGURES[figure].unit === 'ms' ? `${FIGURES[figure].name} (s)` : FIGURES[figure].name;

const cellOf = (figure: FigureName, value: number | null): number | null =>
  value !== null && FIGURES[figure].unit === 'ms' ? value / 1_000 : value;
