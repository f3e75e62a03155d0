import { type Battle, type Counts, Tally } from './attack.ts';
import { attacksNamed } from './attacks.ts';

/** An attack begins, or ends. */
export type AttackOrder =
  | ({ readonly kind: 'begin'; readonly attack: string } & Field)
  | { readonly kind: 'end' };

/** What an attacker has from the beginning. */
export type Field = Omit<Battle, 'tally' | 'over'>;

/** What an attacker has done from `begin` to `end`. */
export interface Attacked {
  readonly sent: Counts;
  readonly got: Counts;
  readonly seconds: number;
}

/** The attacker's process. */
let running: { readonly end: () => Promise<Attacked> } | undefined;

function begin({ attack: name, ...field }: AttackOrder & { readonly kind: 'begin' }): void {
  const [attack] = attacksNamed([name]);
  const [tally, ending, start] = [new Tally(), new AbortController(), performance.now()];
  const run = attack?.run({ ...field, tally, over: ending.signal });
  // It is reported when it was to end.
  run?.catch(() => undefined);
  running = {
    end: async () => {
      const seconds = (performance.now() - start) / 1000;
      const counts = tally.counts;
      ending.abort();
      await run;
      return { ...counts, seconds };
    },
  };
}

process.on('message', (order: AttackOrder) => {
  if (order.kind === 'begin') {
    begin(order);
    process.send?.({ outcome: null });
    return;
  }
  running?.end().then(
    (outcome) => process.send?.({ outcome }),
    (error: unknown) => process.send?.({ failure: error instanceof Error ? error.message : String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
