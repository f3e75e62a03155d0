import { service, type Service } from '../service.ts';
import { dialogue, type OwnEvent } from './dialogue.ts';
import type { Line } from '../dialogue-call.ts';

export interface SlotRequest {
  readonly name: 'slot';
  readonly slot: string;
  /** Resolves once the call waits in that slot, `true`, or could not be parked. */
  readonly parked: Promise<boolean>;
}

/** Tells somebody who parks a call by telephone where it waits. Pages are told nothing: they see the slot. */
export const slotService = (): Service<SlotRequest> =>
  service({
    dialogue,
    begin(line: Line<OwnEvent>, _visit, { slot, parked }: SlotRequest) {
      void parked.then((isParked) => {
        line.on({ kind: isParked ? 'parked' : 'not-parked' });
      });
      return { sight: slot, perform: () => undefined, tell: () => undefined };
    },
  });
