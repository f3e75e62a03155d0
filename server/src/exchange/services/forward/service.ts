import {
  type ExtensionId,
  extensionNumber,
  forwardFault,
  type Service as DialledService,
  type Utterance,
} from '@perch/shared';
import type { Directory } from '../../ports.ts';
import type { Line } from '../dialogue-call.ts';
import { dialogue, type OwnEvent } from '../outcome/dialogue.ts';
import { service, type Service } from '../service.ts';

export type ForwardRequest = Extract<DialledService, { readonly name: 'forward' | 'forward-off' }>;

export interface ForwardPorts {
  readonly directory: Directory;
  /** Where all of its calls go on, `null` for nowhere. Resolves to whether it is durable and in force. */
  readonly setForward: (extension: ExtensionId, always: string | null) => Promise<boolean>;
}

/** Has all calls of the extension that speaks there go on to another one, or no longer, and says so once it is done. Pages see it by themselves. */
export const forwardService = (ports: ForwardPorts): Service<ForwardRequest> =>
  service({
    dialogue,
    begin(line: Line<OwnEvent>, { caller }, request: ForwardRequest) {
      const to = request.name === 'forward' ? request.number : null;
      void outcomeOf(ports, caller.extension, to).then((utterance) => {
        line.on({ kind: 'settled', utterance });
      });
      return { sight: undefined, perform: () => undefined, tell: () => undefined };
    },
  });

/** `to`: `null` ends it, `undefined` where no number was dialled. */
async function outcomeOf(
  { directory, setForward }: ForwardPorts,
  extension: ExtensionId,
  to: string | null | undefined,
): Promise<Utterance> {
  const speaker = directory.byId(extension);
  // A desk is everybody's: nobody who walks by may send its calls away.
  if (speaker?.kind !== 'person') return [{ prompt: 'no-forward-here' }];
  if (to === undefined) return [{ prompt: 'forward-to-whom' }];
  const { emergencyNumbers } = directory.organization;
  const exists = (number: string) => directory.byNumber(extensionNumber(number)) !== undefined;
  if (to !== null && forwardFault(to, { own: speaker.number, emergencyNumbers, exists }) !== null)
    return [{ prompt: 'no-forward-there' }];
  if (!(await setForward(extension, to))) return [{ prompt: 'try-again-later' }];
  return to === null ? [{ prompt: 'forward-off' }] : [{ prompt: 'all-calls-go-to' }, { digits: to }];
}
