import { type ExtensionId, isWithin } from '@perch/shared';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { noSuchExtension } from '../../management/extensions.ts';
import type { Management } from '../../management/management.ts';
import { Refusal } from '../../management/refusal.ts';
import type { PersonCaller } from './access.ts';

/** Whose records and figures a person may see. */
export interface RecordsWithin {
  /** The extension of that number, if the caller may see it; what is out of reach is answered as what there is not. */
  readonly findFor: (caller: PersonCaller, number: string) => Extension | Refusal;
  /** The one asked for, else all that the caller may see; `undefined` where that is everyone, and everyone there was. */
  readonly whose: (
    caller: PersonCaller,
    number: string | undefined,
  ) => readonly ExtensionId[] | undefined | Refusal;
}

export function recordsWithin({ extensions }: Management): RecordsWithin {
  const findFor = ({ person, scope }: PersonCaller, number: string): Extension | Refusal => {
    const extension = extensions.find(person.organization, number);
    return extension instanceof Refusal || isWithin(scope, extension) ? extension : noSuchExtension(number);
  };
  return {
    findFor,
    whose: (caller, number) => {
      if (number !== undefined) {
        const extension = findFor(caller, number);
        return extension instanceof Refusal ? extension : [extension.id];
      }
      const { person, scope } = caller;
      if (scope.kind === 'everything') return undefined;
      return extensions.all(person).flatMap((each) => (isWithin(scope, each) ? each.id : []));
    },
  };
}
