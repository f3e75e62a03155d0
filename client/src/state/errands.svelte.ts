import type { Faults } from './page/faults.ts';

/** Runs something now and whenever what it has read is different; before that, the function that it returned. */
export type Errand = (run: () => unknown) => void;

/**
 * Effects that are part of nothing that a page draws: where one of them fails, it is reported, and all others go on. They run until the
 * returned function is called.
 */
export const errands = (faults: Pick<Faults, 'report'>, begin: (errand: Errand) => void): (() => void) =>
  $effect.root(() => {
    begin((run) => {
      $effect(() => {
        try {
          return run() as ReturnType<Parameters<typeof $effect>[0]>;
        } catch (error) {
          faults.report('errand', error);
          return undefined;
        }
      });
    });
  });
