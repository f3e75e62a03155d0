import type { Utterance } from '@perch/shared';
import { dialogue, type OwnEvent } from '../outcome/dialogue.ts';
import { service, type Service } from '../service.ts';
import type { Line } from '../dialogue-call.ts';

export interface SlotRequest {
  readonly name: 'slot';
  readonly slot: string;
  /** Resolves once the call waits in that slot, `true`, or could not be parked. */
  readonly parked: Promise<boolean>;
}

/** Tells somebody who parks a call by telephone where it waits, twice. Pages are told nothing: they see the slot. */
export const slotService = (): Service<SlotRequest> =>
  service({
    dialogue,
    begin(line: Line<OwnEvent>, _visit, { slot, parked }: SlotRequest) {
      void parked.then((isParked) => {
        line.on({ kind: 'settled', utterance: isParked ? parkedIn(slot) : NOT_PARKED });
      });
      return { sight: undefined, perform: () => undefined, tell: () => undefined };
    },
  });

function parkedIn(slot: string): Utterance {
  const once: Utterance = [{ prompt: 'call-is-parked' }, { digits: slot }];
  return [...once, ...once];
}

const NOT_PARKED: Utterance = [{ prompt: 'try-again-later' }];
