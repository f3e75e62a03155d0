import { api, type AuditEntry, type Facts } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { CsvFile } from '../files/csv-file.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

const COLUMNS = ['position', 'at', 'who', 'address', 'action', 'about', 'result', 'before', 'after', 'seal'];

/** What people have done, and tried. */
export function auditRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { audit } = management;

  operation(app, management, api.audit, ({ caller, query: { size, before, ...filter } }) =>
    audit.read(caller.person.organization, filter, size, before),
  );

  operation(app, management, api.auditCsv, ({ caller, query }) => {
    const entries = audit.all(caller.person.organization, query);
    return new CsvFile('Audit', COLUMNS, rowsOf(entries));
  });

  operation(app, management, api.checkAudit, ({ caller }) => audit.check(caller.person.organization));
}

async function* rowsOf(entries: AsyncIterable<AuditEntry>) {
  for await (const { position, at, who, address, action, about, result, before, after, seal } of entries)
    yield [
      position,
      new Date(at).toISOString(),
      ...[who, address, action, about, result, words(before), words(after), seal],
    ];
}

/** `name: Ada; suspended: false` */
const words = (facts: Facts | null): string | null =>
  facts &&
  Object.entries(facts)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join('; ');
