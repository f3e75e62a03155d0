import { api, type ExtensionChange } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import type { Note } from '../audited.ts';
import { changePace } from '../access/change-pace.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

const NOBODY_HERE = new Refusal(
  'nobody-here',
  'Somebody else uses this phone now, so nothing was changed. For a desk, only an administrator can change this.',
);

/** What becomes of the calls of the person who speaks through a terminal, its owner or a guest. */
export function ownCallsRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { extensions, exchanges } = management;
  const paced = changePace(app);

  const change = (
    { organization, terminal }: EnrolledBrowser,
    of: string,
    request: FastifyRequest,
    note: (note: Note) => void,
    wish: ExtensionChange,
  ) =>
    paced(request, async () => {
      const person = await exchanges.of(organization).personAt(terminal);
      if (person?.number !== of) return NOBODY_HERE;
      const { number } = person;
      const subject = { kind: 'extension', number } as const;
      const before = await management.audit.facts(organization, subject);
      note({ about: number, subject, ...(before && { before }) });
      const changed = await extensions.change({ organization, who: number }, number, wish);
      return changed instanceof Refusal ? changed : undefined;
    });

  operation(app, management, api.setLanguage, ({ caller, body: { of, language }, request, note }) =>
    change(caller, of, request, note, { language }),
  );

  operation(app, management, api.setDoNotDisturb, ({ caller, body: { of, on }, request, note }) =>
    change(caller, of, request, note, { doNotDisturb: on }),
  );

  operation(app, management, api.setForwards, ({ caller, body: { of, forwards }, request, note }) =>
    change(caller, of, request, note, { forwards }),
  );
}
