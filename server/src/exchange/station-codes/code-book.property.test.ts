import { extensionId, terminalId } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededChance } from '../../world/seeded-chance.ts';
import {
  CODE_MS,
  type CodeBook,
  CONFIRMING_MS,
  emptyBook,
  found,
  givenBack,
  issued,
  seen,
  type StationCode,
  used,
  withdrawn,
} from './code-book.ts';
import { drawn } from './spellings.ts';

const terminal = fc.constantFrom('a', 'b').map((name) => terminalId(name));
const occupant = fc.constantFrom('nobody', 'Ada');
/** One of the codes that were issued, counted from the last one. */
const which = fc.nat(5);
const step = fc.oneof(
  fc.record({ kind: fc.constant('issue' as const), terminal, occupant }),
  fc.record({ kind: fc.constant('withdraw' as const), terminal }),
  fc.record({ kind: fc.constantFrom('see' as const, 'use' as const, 'give-back' as const), which }),
  fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(50_000) }),
);

test('whatever happens, a station has one code at most, and no code is used twice, late, or after a newer one', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), fc.string(), (steps, seed) => {
      const chance = seededChance(seed);
      let book: CodeBook = emptyBook;
      let now = 1_000_000;
      const shown: { code: StationCode; at: number }[] = [];
      const spent = new Set<string>();
      for (const one of steps) {
        if (one.kind === 'wait') now += one.ms;
        else if (one.kind === 'issue') {
          const [next, code] = issued(book, one, drawn(chance), now);
          book = next;
          if (!shown.some((known) => known.code.link === code.link)) shown.push({ code, at: now });
          expect(found(book, code, now)?.state).toBe('open');
        } else if (one.kind === 'withdraw') book = withdrawn(book, one.terminal);
        else {
          const picked = shown.at(-1 - one.which)?.code;
          const known = picked && found(book, picked, now);
          if (known === undefined) continue;
          if (one.kind === 'give-back' && known.state === 'used') {
            book = givenBack(book, known.code);
            spent.delete(known.code.link);
          } else if (known.state === 'open') {
            expect(spent).not.toContain(known.code.link);
            if (one.kind === 'see') book = seen(book, known.code, now);
            if (one.kind === 'use') {
              book = used(book, known.code, extensionId('id-101'));
              spent.add(known.code.link);
            }
          }
        }
        for (const place of ['a', 'b']) {
          const of = shown.filter(({ code }) => code.terminal === place);
          const open = of.filter(({ code }) => found(book, code, now)?.state === 'open');
          expect(open.length).toBeLessThanOrEqual(1);
          for (const { code, at } of open) {
            expect(code).toBe(of.at(-1)?.code);
            expect(now).toBeLessThan(at + CODE_MS + CONFIRMING_MS);
          }
          expect(book.get(terminalId(place))?.length ?? 0).toBeLessThanOrEqual(8);
        }
      }
    }),
  );
});
