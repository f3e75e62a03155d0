import { api, type Ladder } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import { textOf } from '../files/ladder-text.ts';
import { Refusal } from '../../management/refusal.ts';
import type { PersonCaller } from '../access/access.ts';
import { TextFile } from '../files/text-file.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** The SIP messages of calls, for administrators. Each look at one is in the audit. */
export function ladderRoutes(app: FastifyInstance, { management }: HttpPorts): void {
  const { exchanges } = management;

  const ladderFor = async ({ person }: PersonCaller, id: string): Promise<Ladder | Refusal> => {
    const ladder = await exchanges.of(person.organization).ladder(id, person.extension);
    if (ladder === null)
      return new Refusal(
        'not-found',
        'The SIP messages of this call are no longer kept: they are for an hour, less where there are very many, and not over a restart.',
      );
    if (ladder === 'left-out')
      return new Refusal(
        'not-found',
        'The SIP messages of this call were not kept: too many calls began at once.',
      );
    if (ladder === 'withheld')
      return new Refusal(
        'forbidden',
        'A number is withheld from you in this call. Ask another administrator.',
      );
    return ladder;
  };

  operation(app, management, api.ladders, ({ caller: { person }, query }) =>
    exchanges.of(person.organization).ladders(person.extension, query.extension),
  );

  operation(app, management, api.ladder, ({ caller, params, note }) => {
    note({ about: params.ladder });
    return ladderFor(caller, params.ladder);
  });

  operation(app, management, api.ladderFile, async ({ caller, params, note }) => {
    note({ about: params.ladder });
    const ladder = await ladderFor(caller, params.ladder);
    return ladder instanceof Refusal
      ? ladder
      : new TextFile(`SIP ${ladder.dialled} ${ladder.id}`, [...textOf(ladder)].join(''));
  });
}
