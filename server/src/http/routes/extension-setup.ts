import { api, type MoveAttempt, type OrganizationId, type Party, type TerminalId } from '@perch/shared';
import type { FastifyInstance } from 'fastify';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { partyOf } from '../../exchange/pages/terminal-view.ts';
import type { VirtualizationRecord } from '../../exchange/virtualization/record.ts';
import { noSuchExtension } from '../../management/extensions.ts';
import { Refusal } from '../../management/refusal.ts';
import { changePace } from '../access/change-pace.ts';
import { ownerAt } from '../access/own-phone.ts';
import { operation } from '../operation.ts';
import type { HttpPorts } from '../ports.ts';

/** Attempts that are shown, and how many records are looked through for them: returns are among them. */
const MOST_SHOWN = 20;
const MOST_READ = 100;

/** Secret codes, wrong ones and locks: for management, and for the owner at their own phone. */
export function extensionSetupRoutes(app: FastifyInstance, { management, history }: HttpPorts): void {
  const { extensions, exchanges } = management;
  const paced = changePace(app);

  const attemptsAt = async ({ id, organization }: Extension): Promise<MoveAttempt[]> => {
    const { records } = await history(organization).moves.virtualizations({ extension: id }, MOST_READ);
    const ownerOf = ownersIn(organization);
    return records.flatMap((record) => attemptOf(record, ownerOf)).slice(0, MOST_SHOWN);
  };

  const ownersIn = (organization: OrganizationId) => {
    const owners = new Map(extensions.all({ organization }).map((each) => [each.terminal, partyOf(each)]));
    return (terminal: TerminalId | null): Party | null => owners.get(terminal ?? ('' as TerminalId)) ?? null;
  };

  operation(app, management, api.moveAttempts, ({ caller, params }) => {
    const extension = extensions.find(caller.person.organization, params.number);
    return extension instanceof Refusal ? extension : attemptsAt(extension);
  });

  operation(app, management, api.liftLock, async ({ caller, params }) => {
    const { organization, email } = caller.person;
    const extension = extensions.find(organization, params.number);
    if (extension instanceof Refusal) return extension;
    await exchanges.of(organization).liftLock(extension.id, email);
    return undefined;
  });

  operation(app, management, api.ownSetup, async ({ caller }) => {
    const owner = await ownerAt(management, caller);
    if (owner instanceof Refusal) return owner;
    const view = await exchanges.of(caller.organization).viewExtension(owner.id);
    if (view === null) return noSuchExtension(owner.number);
    return {
      hasSecretCode: view.hasSecretCode,
      guessing: view.guessing,
      attempts: await attemptsAt(owner),
    };
  });

  operation(app, management, api.setOwnSecretCode, ({ caller, body, request }) =>
    paced(request, async () => {
      const owner = await ownerAt(management, caller);
      if (owner instanceof Refusal) return owner;
      const { organization, number } = owner;
      return extensions.setSecretCode({ organization, who: number }, number, body.code);
    }),
  );

  operation(app, management, api.liftOwnLock, ({ caller, request }) =>
    paced(request, async () => {
      const owner = await ownerAt(management, caller);
      if (owner instanceof Refusal) return owner;
      await exchanges.of(caller.organization).liftLock(owner.id, owner.number);
      return undefined;
    }),
  );
}

/** As its owner sees it; nothing, where a record is of something else than moving the extension. */
function attemptOf(
  { at, action, terminal, result }: VirtualizationRecord,
  ownerOf: (terminal: TerminalId | null) => Party | null,
): MoveAttempt[] {
  if (action === 'lift-lock') return [{ at, desk: null, result: 'lock-lifted' }];
  const shown = action === 'move' && SHOWN[result];
  return shown ? [{ at, desk: ownerOf(terminal), result: shown }] : [];
}

const SHOWN: Readonly<Partial<Record<VirtualizationRecord['result'], MoveAttempt['result']>>> = {
  accepted: 'moved',
  'wrong-code': 'wrong-code',
  'locked-out': 'locked-out',
  'not-allowed': 'not-allowed',
  dropped: 'left',
};
