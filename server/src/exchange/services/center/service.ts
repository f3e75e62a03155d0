import {
  assertNever,
  type CenterEvent,
  type ExtensionId,
  type Service as DialledService,
} from '@perch/shared';
import type { Conversation, Line } from '../dialogue-call.ts';
import { service, type Service } from '../service.ts';
import { type DeskRequestPorts, DeskRequests } from './desk-requests.ts';
import { dialogue } from './dialogue.ts';
import type { OwnEffect, OwnEvent } from './visit.ts';

/** `number` is to be moved to the caller's terminal; without one, an extension returns. */
export type CenterRequest = Extract<DialledService, { readonly name: 'center' }>;

/** The Virtualization Center: extensions are moved by telephone. */
export const centerService = (ports: DeskRequestPorts): Service<CenterRequest> =>
  service({
    dialogue,
    begin(line: Line<OwnEvent>, { id, caller: { terminal } }, { number }: CenterRequest) {
      const requests = new DeskRequests(ports, id, terminal, number);
      /** The person who has just come is at this phone from now on; who leaves it is still the one who stands there. */
      let hearer: ExtensionId | undefined;
      const decided: Parameters<DeskRequests['request']>[0] = (verdict) => {
        if (verdict.kind === 'accepted' || verdict.kind === 'claimed')
          hearer = ports.directory.byNumber(verdict.number)?.id;
        line.on({ kind: 'verdict', verdict });
      };
      return {
        sight: number,
        get hearer() {
          return hearer;
        },
        perform(effect) {
          switch (effect.kind) {
            case 'request':
              void requests.request(decided);
              break;
            case 'verify':
              void requests.verify(effect.code, decided);
              break;
            case 'withdraw':
              requests.withdraw();
              break;
            case 'dropped':
              void requests.dropped();
              break;
            default:
              assertNever(effect);
          }
        },
        tell(event) {
          ports.happened({ kind: 'center-event', terminal, call: id, event });
        },
      } satisfies Conversation<string | undefined, OwnEffect, CenterEvent>;
    },
  });
