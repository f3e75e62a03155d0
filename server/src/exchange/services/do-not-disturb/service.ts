import type { ExtensionId, PromptId, Service as DialledService } from '@perch/shared';
import type { Directory } from '../../ports.ts';
import type { Line } from '../dialogue-call.ts';
import { dialogue, type OwnEvent } from '../outcome/dialogue.ts';
import { service, type Service } from '../service.ts';

export type DoNotDisturbRequest = Extract<
  DialledService,
  { readonly name: 'do-not-disturb' | 'do-not-disturb-off' }
>;

export interface DoNotDisturbPorts {
  readonly directory: Directory;
  /** Resolves to whether it is durable and in force. */
  readonly setDoNotDisturb: (extension: ExtensionId, on: boolean) => Promise<boolean>;
}

/** Switches do not disturb of the extension that speaks there, and says so once it is done. Pages see it by themselves. */
export const doNotDisturbService = (ports: DoNotDisturbPorts): Service<DoNotDisturbRequest> =>
  service({
    dialogue,
    begin(line: Line<OwnEvent>, { caller }, { name }: DoNotDisturbRequest) {
      void outcomeOf(ports, caller.extension, name === 'do-not-disturb').then((prompt) => {
        line.on({ kind: 'settled', utterance: [{ prompt }] });
      });
      return { sight: undefined, perform: () => undefined, tell: () => undefined };
    },
  });

async function outcomeOf(
  { directory, setDoNotDisturb }: DoNotDisturbPorts,
  extension: ExtensionId,
  on: boolean,
): Promise<PromptId> {
  // A desk is everybody's: nobody who walks by may silence it.
  if (directory.byId(extension)?.kind !== 'person') return 'no-do-not-disturb-here';
  if (!(await setDoNotDisturb(extension, on))) return 'try-again-later';
  return on ? 'do-not-disturb-on' : 'do-not-disturb-off';
}
