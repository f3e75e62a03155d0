import { api, type ExtensionChange } from '@perch/shared';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { Refusal } from '../../management/refusal.ts';
import type { EnrolledBrowser } from '../../management/terminals.ts';
import type { Note } from '../audited.ts';
import { changePace } from '../access/change-pace.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

const NOBODY_HERE = new Refusal(
  'nobody-here',
  'Nobody is on this phone whose calls that would be. For a desk, an administrator sets it.',
);

/** What becomes of the calls of the person who speaks through a terminal, its owner or a guest. */
export function ownCallsRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { extensions, exchanges } = management;
  const paced = changePace(app);

  const speakerAt = async ({
    organization,
    terminal,
    owner,
  }: EnrolledBrowser): Promise<Extension | Refusal> => {
    const occupancy = (await exchanges.of(organization).view(terminal))?.occupancy;
    switch (occupancy?.kind) {
      case 'guest':
        return extensions.find(organization, occupancy.guest.number);
      case 'owner':
        return owner.kind === 'person' ? owner : NOBODY_HERE;
      default:
        return NOBODY_HERE;
    }
  };

  const change = (
    caller: EnrolledBrowser,
    request: FastifyRequest,
    note: (note: Note) => void,
    wish: ExtensionChange,
  ) =>
    paced(request, async () => {
      const speaker = await speakerAt(caller);
      if (speaker instanceof Refusal) return speaker;
      const { organization, number } = speaker;
      const subject = { kind: 'extension', number } as const;
      const before = await management.audit.facts(organization, subject);
      note({ about: number, subject, ...(before && { before }) });
      const changed = await extensions.change({ organization, who: number }, number, wish);
      return changed instanceof Refusal ? changed : undefined;
    });

  operation(app, management, api.setDoNotDisturb, ({ caller, body, request, note }) =>
    change(caller, request, note, { doNotDisturb: body.on }),
  );

  operation(app, management, api.setForwards, ({ caller, body, request, note }) =>
    change(caller, request, note, { forwards: body }),
  );
}
