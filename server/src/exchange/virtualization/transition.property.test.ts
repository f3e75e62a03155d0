import { extensionId } from '@perch/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { brokenInvariants } from './invariants.ts';
import { phone, TestOrganization } from './support/organization.ts';
import { ringsAt, speaksAt } from './resolve.ts';
import { UNDO_WINDOW_MS } from './undo.ts';

const LETTERS = ['A', 'B', 'C', 'D', 'E'];
const numberOf = (letter: string) => String(101 + LETTERS.indexOf(letter));

type Slips = ReadonlyMap<string, string>;

/**
 * The rules at their simplest: each extension has a slip that says on whose phone it is. No maps in two directions, no
 * endings, no plans: only the sentences of the specification.
 */
class Model {
  slips: Slips = new Map();
  readonly closed = new Set<string>();
  /** By phone: the slips before its last change, when that was, and which extensions it touched. */
  readonly #memory = new Map<string, { before: Slips; at: number; touched: Set<string> }>();

  guestOn(base: string): string | undefined {
    return LETTERS.find((letter) => this.slips.get(letter) === base);
  }

  rings(letter: string): string | undefined {
    const base = this.slips.get(letter);
    if (base !== undefined) return base;
    return this.guestOn(letter) === undefined ? letter : undefined;
  }

  speaks(phone: string): string | undefined {
    return this.guestOn(phone) ?? (this.slips.has(phone) ? undefined : phone);
  }

  dial(letter: string, phone: string, code: 'right' | 'wrong', now: number): void {
    const guest = this.guestOn(phone) ?? '';
    if (guest === letter) return;
    if (letter === phone)
      this.#change(now, this.#ifNobodyLeaves(phone), { [guest]: undefined, [phone]: undefined });
    else if (!this.closed.has(phone) && code === 'right')
      this.#change(now, phone, { [guest]: undefined, [letter]: phone });
  }

  dialAlone(phone: string, now: number): void {
    this.#change(now, this.#ifNobodyLeaves(phone), { [this.guestOn(phone) ?? phone]: undefined });
  }

  /** An extension that has left a phone comes back only with its code. */
  #ifNobodyLeaves(phone: string): string | undefined {
    return this.guestOn(phone) === undefined ? phone : undefined;
  }

  goHome(letter: string, now: number): void {
    this.#change(now, undefined, { [letter]: undefined });
  }

  /** From elsewhere, where nobody is put out by it. */
  send(letter: string, phone: string, now: number): void {
    if (letter === phone || this.closed.has(phone) || this.guestOn(phone) !== undefined) return;
    this.#change(now, undefined, { [letter]: phone });
  }

  leave(letter: string, now: number): void {
    this.#change(now, undefined, { [this.guestOn(letter) ?? '']: undefined, [letter]: undefined });
    this.forget(new Set([letter]));
  }

  undo(phone: string, now: number): void {
    const last = this.#memory.get(phone);
    if (!last || now >= last.at + UNDO_WINDOW_MS) return;
    const before = [...last.touched].map((letter) => [letter, last.before.get(letter)] as const);
    this.#change(now, undefined, Object.fromEntries(before));
  }

  forget(touched: ReadonlySet<string>): void {
    for (const [phone, last] of this.#memory)
      if ([...last.touched].some((letter) => touched.has(letter))) this.#memory.delete(phone);
  }

  #change(now: number, phone: string | undefined, rewritten: Record<string, string | undefined>): void {
    const before = this.slips;
    const slip = (letter: string) => (letter in rewritten ? rewritten[letter] : before.get(letter));
    const all = LETTERS.map((letter) => [letter, slip(letter)] as const);
    this.slips = new Map(all.filter((one): one is readonly [string, string] => one[1] !== undefined));
    const moved = LETTERS.filter((letter) => this.slips.get(letter) !== before.get(letter));
    const touched = moved.flatMap((letter) => [letter, this.slips.get(letter), before.get(letter)]);
    this.forget(new Set(touched.filter((one) => one !== undefined)));
    if (phone !== undefined && moved.length > 0)
      this.#memory.set(phone, {
        before,
        at: now,
        touched: new Set(touched.filter((one) => one !== undefined)),
      });
  }
}

type Command = (model: Model, organization: TestOrganization) => void;

const letter = fc.constantFrom(...LETTERS);
const command: fc.Arbitrary<readonly [string, Command]> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .tuple(letter, letter, fc.constantFrom('right' as const, 'right' as const, 'wrong' as const))
      .map(
        ([who, on, code]) =>
          [
            `*30${numberOf(who)} on ${on}, ${code} code`,
            (model: Model, organization: TestOrganization) => {
              model.dial(who, on, code, organization.now);
              if (organization.dial(numberOf(who), on) === 'code-needed')
                organization.enter(code, numberOf(who), on);
            },
          ] as const,
      ),
  },
  {
    weight: 3,
    arbitrary: letter.map(
      (on) =>
        [
          `*30 on ${on}`,
          (model: Model, organization: TestOrganization) => {
            model.dialAlone(on, organization.now);
            organization.return(on);
          },
        ] as const,
    ),
  },
  {
    weight: 2,
    arbitrary: letter.map(
      (on) =>
        [
          `undo on ${on}`,
          (model: Model, organization: TestOrganization) => {
            model.undo(on, organization.now);
            organization.undo(on);
          },
        ] as const,
    ),
  },
  {
    weight: 1,
    arbitrary: letter.map(
      (who) =>
        [
          `return to base of ${who}`,
          (model: Model, organization: TestOrganization) => {
            model.goHome(who, organization.now);
            const left = organization.awayAt(who);
            const about = { at: organization.now, extension: extensionId(who), who: null, left };
            organization.take({ kind: 'return-to-base', way: 'web', ...about });
          },
        ] as const,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(letter, letter).map(
      ([who, on]) =>
        [
          `${who} sent to ${on}`,
          (model: Model, organization: TestOrganization) => {
            model.send(who, on, organization.now);
            organization.send(who, on);
          },
        ] as const,
    ),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(letter, fc.constantFrom('suspended' as const, 'deleted' as const)).map(
      ([who, kind]) =>
        [
          `${who} ${kind}`,
          (model: Model, organization: TestOrganization) => {
            model.leave(who, organization.now);
            const about = { at: organization.now, extension: extensionId(who), who: null };
            organization.take({ kind, terminal: phone(who), ...about });
          },
        ] as const,
    ),
  },
  {
    weight: 1,
    arbitrary: letter.map(
      (who) =>
        [
          `${who} allows virtualization, or no more`,
          (model: Model, organization: TestOrganization) => {
            if (model.closed.delete(who)) organization.disallowed.delete(who);
            else {
              model.closed.add(who);
              model.forget(new Set([who]));
              organization.disallowed.add(who);
              const about = { at: organization.now, extension: extensionId(who), who: null };
              organization.take({ kind: 'disallowed', presentGuest: 'stay', ...about });
            }
          },
        ] as const,
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(1, 10_000, 30_000, 400_000).map(
      (ms) =>
        [
          `${ms} ms pass`,
          (_: Model, organization: TestOrganization) => {
            organization.now += ms;
          },
        ] as const,
    ),
  },
);

test('any sequence: the state is the model’s, and the invariants hold at every step', () => {
  fc.assert(
    fc.property(fc.array(command, { minLength: 1, maxLength: 60 }), (commands) => {
      const model = new Model();
      const organization = new TestOrganization();
      for (const [words, run] of commands) {
        run(model, organization);
        // Wrong codes must not lock anything here: guessing has tests of its own.
        organization.state = {
          ...organization.state,
          guesses: { extensions: new Map(), terminals: new Map() },
        };
        const { virtualizations } = organization.state;
        const extensions = LETTERS.map(extensionId);
        expect(
          {
            slips: organization.present,
            broken: brokenInvariants(virtualizations, (one) => LETTERS.includes(one)),
            rings: extensions.map((one) => ringsAt(virtualizations, one)),
            speaks: extensions.map((one) => speaksAt(virtualizations, one)),
          },
          words,
        ).toEqual({
          slips: [...model.slips]
            .map(([who, base]) => `${who} on ${base}`)
            .sort()
            .join(', '),
          broken: [],
          rings: LETTERS.map((one) => model.rings(one)),
          speaks: LETTERS.map((one) => model.speaks(one)),
        });
      }
    }),
    { numRuns: 2000 },
  );
}, 30_000);

test('any sequence: what is stored, replayed, is the state', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const organization = new TestOrganization();
      const stored = new Map<string, string>();
      const take = organization.take.bind(organization);
      organization.take = (event) => {
        const answer = take(event);
        for (const effect of organization.effects) {
          if (effect.kind !== 'store') continue;
          for (const one of effect.stored.ended) stored.delete(one.virtual);
          for (const one of effect.stored.begun) stored.set(one.virtual, one.base);
        }
        return answer;
      };
      const model = new Model();
      for (const [, run] of commands) run(model, organization);
      expect(Object.fromEntries(stored)).toEqual(
        Object.fromEntries([...organization.state.virtualizations].map((one) => [one.virtual, one.base])),
      );
    }),
    { numRuns: 1000 },
  );
});

test('any sequence: an extension rings where its terminal speaks for it, or nowhere', () => {
  fc.assert(
    fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
      const organization = new TestOrganization();
      const model = new Model();
      for (const [, run] of commands) run(model, organization);
      const { virtualizations } = organization.state;
      for (const one of LETTERS.map(extensionId)) {
        const owner = ringsAt(virtualizations, one);
        if (owner !== undefined) expect(speaksAt(virtualizations, owner)).toBe(one);
      }
    }),
    { numRuns: 1000 },
  );
});
