import { type CallRecord, type ExtensionId, isWithin } from '@perch/shared';
import type { Extension } from '../../exchange/contract/extensions.ts';
import { noSuchExtension } from '../../management/extensions.ts';
import type { Management } from '../../management/management.ts';
import { Refusal } from '../../management/refusal.ts';
import { withoutWithheld } from '../../records/withheld.ts';
import type { PersonCaller } from './access.ts';

/** Whose records and figures a person may see. */
export interface RecordsWithin {
  /** The extension of that number, if the caller may see it; what is out of reach is answered as what there is not. */
  readonly findFor: (caller: PersonCaller, number: string) => Extension | Refusal;
  /**
   * The one asked for, else all that the caller may see, of that group where one is given; `undefined` where that is everyone, and everyone
   * there was.
   */
  readonly whose: (
    caller: PersonCaller,
    number: string | undefined,
    group?: string,
  ) => readonly ExtensionId[] | undefined | Refusal;
}

/**
 * Records as the caller may read them: nobody reads a number that was withheld from their own extension, and anyone who sees only their own
 * calls reads no number that was withheld in these.
 */
export const readBy = ({ person, scope }: PersonCaller, records: readonly CallRecord[]): CallRecord[] => {
  const seesOthers = scope.kind === 'everything' || scope.groups.length > 0;
  return records.map((record) =>
    seesOthers && !record.parts.some(({ extension }) => extension === person.extension)
      ? record
      : withoutWithheld(record, person.extension),
  );
};

export function recordsWithin({ extensions }: Management): RecordsWithin {
  const findFor = ({ person, scope }: PersonCaller, number: string): Extension | Refusal => {
    const extension = extensions.find(person.organization, number);
    return extension instanceof Refusal || isWithin(scope, extension) ? extension : noSuchExtension(number);
  };
  return {
    findFor,
    whose: (caller, number, group) => {
      if (number !== undefined) {
        const extension = findFor(caller, number);
        if (extension instanceof Refusal) return extension;
        return group === undefined || extension.group === group ? [extension.id] : [];
      }
      const { person, scope } = caller;
      if (scope.kind === 'everything' && group === undefined) return undefined;
      return extensions
        .all(person)
        .filter((each) => isWithin(scope, each) && (group === undefined || each.group === group))
        .map(({ id }) => id);
    },
  };
}
