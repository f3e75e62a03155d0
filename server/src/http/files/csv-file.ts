import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyReply } from 'fastify';
import { titled } from '../../words/words.ts';
import { languageAsked } from '../page-language.ts';
import { attachment } from './sound-file.ts';

type Cell = string | number | boolean | null;

/** A table as a file (RFC 4180), made while it is sent: however many rows it has, few are in memory. */
export class CsvFile {
  /** Under which browsers save it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;
  /** Is it read again, by the names of its columns? */
  readonly isImported: boolean;

  constructor(name: string, columns: readonly string[], rows: CsvFile['rows'], isImported = false) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
    this.isImported = isImported;
  }
}

/**
 * Its name and the heads of its columns are in the language of the person who asks; those of a table that can be imported stay as they are. Cells that
 * a spreadsheet would take for formulas are marked as text.
 */
export function sendCsv(reply: FastifyReply, { name, columns, rows, isImported }: CsvFile): FastifyReply {
  const language = isImported ? 'en' : languageAsked(reply.request);
  const heads = columns.map((column) => titled(language, column));
  const table = stringify({ header: true, columns: heads, escape_formulas: true, bom: true });
  const source = Readable.from(rows);
  // An answer that has begun cannot be taken back: it ends where it fails.
  source.on('error', (error) => table.destroy(error));
  return reply
    .type('text/csv; charset=utf-8')
    .header('Content-Disposition', attachment(`${titled(language, name)}.csv`))
    .send(source.pipe(table));
}
