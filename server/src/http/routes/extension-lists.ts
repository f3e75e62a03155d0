import { api, type ExtensionChange, type ExtensionFate, isWithin, MOST_ROWS } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ExtensionFates, type Wished } from '../../management/extension-fates.ts';
import { EXTENSION_COLUMNS, extensionRow, wishesOf } from '../../management/extension-table.ts';
import { Refusal } from '../../management/refusal.ts';
import type { PersonCaller } from '../access/access.ts';
import { noteExtension } from '../audited.ts';
import { CsvFile } from '../files/csv-file.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** Many extensions at once: changed, read from a file, and written to one. */
export function extensionListRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { extensions, exchanges } = management;
  const fates = new ExtensionFates(extensions, exchanges);

  /** One after the other: each is an entry in the audit. */
  const fatesOf = async (
    caller: PersonCaller,
    request: FastifyRequest,
    wishes: readonly (Wished | ExtensionFate)[],
    dryRun: boolean,
  ): Promise<ExtensionFate[]> => {
    const { organization, email: who } = caller.person;
    const acting = { organization, who };
    const known: ExtensionFate[] = [];
    for (const wished of wishes) {
      if ('fate' in wished) known.push(wished);
      else if (dryRun) known.push(await fates.foresee(acting, wished));
      else
        known.push(
          await noteExtension(management, caller, request.arrival.visitor, wished.number, () =>
            fates.carryOut(acting, wished),
          ),
        );
    }
    return known;
  };

  operation(app, management, api.changeExtensions, ({ caller, body, request }) => {
    const change: ExtensionChange = body.change;
    const wishes = body.numbers.map((number) => ({ line: null, number, change }));
    return fatesOf(caller, request, wishes, body.dryRun);
  });

  operation(app, management, api.importExtensions, async ({ caller, body, request }) => {
    const { csv, skip, size, presentGuest, dryRun } = body;
    const wishes = wishesOf(csv, MOST_ROWS);
    if (wishes instanceof Refusal) return wishes;
    const asked = wishes
      .slice(skip, skip + size)
      .map((wished) =>
        'fate' in wished || presentGuest === undefined
          ? wished
          : { ...wished, change: { ...wished.change, presentGuest } },
      );
    return { rows: wishes.length, fates: await fatesOf(caller, request, asked, dryRun) };
  });

  operation(app, management, api.extensionsFile, ({ caller: { person, scope } }) => {
    const rows = extensions.all(person).filter((extension) => isWithin(scope, extension));
    return new CsvFile('Extensions', EXTENSION_COLUMNS, rows.map(extensionRow), true);
  });
}
