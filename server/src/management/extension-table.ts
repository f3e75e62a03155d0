import { extensionChange, newExtension, type ExtensionFate } from '@perch/shared';
import { CsvError, parse } from 'csv-parse/sync';
import { z } from 'zod';
import type { Extension } from '../exchange/contract/extensions.ts';
import { refused, type Wished } from './extension-fates.ts';
import { Refusal } from './refusal.ts';

/** What extensions are written to files with, and read by. */
export const EXTENSION_COLUMNS = [
  'number',
  'name',
  'kind',
  'group',
  'place',
  'call_back',
  'allow_virtualization',
  'suspended',
  'voicemail_mail',
] as const;
type Column = (typeof EXTENSION_COLUMNS)[number];
type Cells = Partial<Record<Column, string>>;

/** An extension as a row of a file. */
export const extensionRow = (extension: Extension): readonly (string | null)[] => [
  extension.number,
  extension.name,
  extension.kind,
  extension.group,
  extension.place,
  extension.callBack,
  yesOrNo(extension.allowVirtualization),
  yesOrNo(extension.suspended),
  extension.voicemailMail,
];

const yesOrNo = (value: boolean): string => (value ? 'yes' : 'no');

/** The cells of a row, and the line of the file in which it ends. */
interface Row {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** What a file wishes, row by row; a row that cannot be understood has its fate already. A file as a whole is refused with the reason. */
export function wishesOf(csv: string, mostRows: number): readonly (Wished | ExtensionFate)[] | Refusal {
  let rows: readonly Row[];
  try {
    rows = parse(csv, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      info: true,
    }) as unknown as readonly Row[];
  } catch (error) {
    if (error instanceof CsvError) return unreadable(`This is no table: ${error.message}.`);
    throw error;
  }
  const [head, ...body] = rows;
  const columns = (head?.record ?? []).map((name) => name.toLowerCase().replace(/[\s-]+/g, '_'));
  const unknown = columns.find((name) => !isColumn(name));
  if (unknown !== undefined)
    return unreadable(
      `There is no column “${unknown}”: the first line names some of ${EXTENSION_COLUMNS.join(', ')}.`,
    );
  if (!columns.includes('number')) return unreadable('There is no column “number” in the first line.');
  if (body.length > mostRows) return unreadable(`That is more than ${mostRows} rows.`);
  const seen = new Map<string, number>();
  return body.map(({ record: cells, info: { lines: line } }) => {
    const named: Cells = Object.fromEntries(columns.map((name, at) => [name, unmarked(cells[at] ?? '')]));
    const wish = wishOf(line, named);
    const before = seen.get(wish.number);
    if (before === undefined) seen.set(wish.number, line);
    return before === undefined
      ? wish
      : refused(wish, unreadable(`This number is in line ${before} already.`));
  });
}

const isColumn = (name: string): name is Column => (EXTENSION_COLUMNS as readonly string[]).includes(name);

const unreadable = (why: string): Refusal => new Refusal('invalid-request', why);

/** Without the mark that keeps a spreadsheet from taking a text for a formula. */
const unmarked = (cell: string): string => cell.replace(/^'(?=[=+\-@])/, '');

/** An empty cell leaves what there is. */
const orNothing = (cell: string | undefined): string | undefined => (cell === '' ? undefined : cell);

const YES_OR_NO: Readonly<Record<string, boolean>> = {
  ...{ yes: true, true: true, 1: true },
  ...{ no: false, false: false, 0: false },
};
const flag = z
  .string()
  .transform((text) => YES_OR_NO[text.toLowerCase()])
  .pipe(z.boolean('Write yes or no.'))
  .optional();

const cellsOf = z.object({
  number: newExtension.shape.number,
  name: extensionChange.shape.name,
  kind: z.enum(['person', 'station'], 'A kind is person or station.').optional(),
  group: extensionChange.shape.group,
  place: extensionChange.shape.place,
  call_back: extensionChange.shape.callBack,
  allow_virtualization: flag,
  suspended: flag,
  voicemail_mail: extensionChange.shape.voicemailMail,
});

function wishOf(line: number, cells: Cells): Wished | ExtensionFate {
  const given = Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, orNothing(cell)]));
  const number = cells.number ?? '';
  const read = cellsOf.safeParse(given);
  if (!read.success) {
    const [issue] = read.error.issues;
    return refused(
      { line, number, name: cells.name ?? '' },
      unreadable(`${String(issue?.path[0] ?? '')}: ${issue?.message ?? ''}`),
    );
  }
  const { name, kind, group, place, call_back, allow_virtualization, suspended, voicemail_mail } = read.data;
  return {
    ...{ line, number },
    ...(name !== undefined && kind !== undefined && { created: { name, kind } }),
    change: {
      ...(name !== undefined && { name }),
      ...(group !== undefined && { group }),
      ...(place !== undefined && { place }),
      ...(call_back !== undefined && { callBack: call_back }),
      ...(allow_virtualization !== undefined && { allowVirtualization: allow_virtualization }),
      ...(suspended !== undefined && { suspended }),
      ...(voicemail_mail !== undefined && { voicemailMail: voicemail_mail }),
    },
  };
}
