import type { Utterance } from '@perch/shared';
import type { Refusal } from '../../call/ports.ts';
import { service, type Service } from '../service.ts';
import { dialogue } from './dialogue.ts';

export interface AnnouncementRequest {
  readonly name: 'announcement';
  readonly utterance: Utterance;
  /** How the call is refused after it. */
  readonly refusal: Refusal;
}

/** Says why there will be no call, and then refuses it. Pages are told nothing: they hear it, and have the refusal's reason. */
export const announcementService = (): Service<AnnouncementRequest> =>
  service({
    dialogue,
    announces: ({ refusal }) => refusal,
    begin: (_line, _incoming, { utterance }) => ({
      sight: utterance,
      perform: () => undefined,
      tell: () => undefined,
    }),
  });
