/** Columns by what SQLite has no type for (`columns.ts`). */
const JSON_COLUMNS = new Set([
  'roles',
  'groups',
  'actions',
  'endings',
  'stay_limits',
  'forwards',
  'pin_guesses',
]);
const FLAGS = new Set(['allow_virtualization', 'suspended', 'do_not_disturb', 'heard']);
const INSTANTS = /^(?:at|since|until)$|_at$/;

/** A row for people and for other programs: names as the API writes them, times as ISO 8601 has them. PURE. */
export const plainRow = (row: object): object =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [camel(column), plain(column, value)]));

function plain(column: string, value: unknown): unknown {
  if (typeof value === 'string' && JSON_COLUMNS.has(column)) return JSON.parse(value);
  if (typeof value !== 'number') return value;
  if (FLAGS.has(column)) return value === 1;
  return INSTANTS.test(column) ? new Date(value).toISOString() : value;
}

const camel = (column: string): string =>
  column.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
