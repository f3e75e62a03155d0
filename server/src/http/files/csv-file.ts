import { Readable } from 'node:stream';
import { stringify } from 'csv-stringify';
import type { FastifyReply } from 'fastify';
import { attachment } from './sound-file.ts';

type Cell = string | number | boolean | null;

/** A table as a file (RFC 4180), made while it is sent: however many rows it has, few are in memory. */
export class CsvFile {
  /** Under which browsers save it. */
  readonly name: string;
  readonly columns: readonly string[];
  readonly rows: AsyncIterable<readonly Cell[]> | Iterable<readonly Cell[]>;

  constructor(name: string, columns: readonly string[], rows: CsvFile['rows']) {
    this.name = name;
    this.columns = columns;
    this.rows = rows;
  }
}

/** Cells that a spreadsheet would take for formulas are marked as text. */
export function sendCsv(reply: FastifyReply, { name, columns, rows }: CsvFile): FastifyReply {
  const table = stringify({ header: true, columns: [...columns], escape_formulas: true, bom: true });
  const source = Readable.from(rows);
  // An answer that has begun cannot be taken back: it ends where it fails.
  source.on('error', (error) => table.destroy(error));
  return reply
    .type('text/csv; charset=utf-8')
    .header('Content-Disposition', attachment(`${name}.csv`))
    .send(source.pipe(table));
}
