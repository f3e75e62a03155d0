import { expect, test } from 'vitest';
import type { Consequence } from './consequences.ts';
import { TestOrganization } from './support/organization.ts';

const inWords = (one: Consequence): string => {
  switch (one.kind) {
    case 'moved':
      return `${one.extension} moved to ${one.base}`;
    case 'homeless':
      return `${one.extension} homeless by ${one.guest}`;
    default:
      return `${one.extension} ${one.kind}`;
  }
};

test.for<
  readonly [
    string,
    readonly (readonly [string, string])[],
    (o: TestOrganization) => unknown,
    readonly string[],
  ]
>([
  ['onto a free terminal', [], (o) => o.move('101', 'B'), ['A moved to B', 'B to-voicemail']],
  [
    'onto an occupied terminal',
    [['101', 'B']],
    (o) => o.move('103', 'B'),
    ['C moved to B', 'A returned-home'],
  ],
  [
    'on to another terminal',
    [['101', 'B']],
    (o) => o.move('101', 'C'),
    ['A moved to C', 'B desk-free', 'C to-voicemail'],
  ],
  ['onto a phone whose owner is away', [['102', 'C']], (o) => o.move('101', 'B'), ['A moved to B']],
  [
    'the previous guest comes home to an occupied phone',
    [
      ['101', 'B'],
      ['104', 'A'],
    ],
    (o) => o.move('103', 'B'),
    ['C moved to B', 'A homeless by D'],
  ],
  ['home', [['101', 'B']], (o) => o.return('B'), ['A returned-home', 'B desk-free']],
  [
    'home to an occupied phone',
    [
      ['101', 'B'],
      ['104', 'A'],
    ],
    (o) => o.return('B'),
    ['A homeless by D', 'B desk-free'],
  ],
  [
    'home, from a phone whose owner is away',
    [
      ['101', 'B'],
      ['102', 'C'],
    ],
    (o) => o.return('B'),
    ['A returned-home'],
  ],
  [
    'a claim from elsewhere',
    [
      ['101', 'B'],
      ['102', 'C'],
    ],
    (o) => o.move('102', 'B'),
    ['A returned-home', 'B returned-home', 'C desk-free'],
  ],
  ['a swap', [['101', 'B']], (o) => o.move('102', 'A'), ['B moved to A']],
  [
    'undone',
    [
      ['101', 'B'],
      ['103', 'B'],
    ],
    (o) => o.undo('B'),
    ['A moved to B', 'C returned-home'],
  ],
  ['nothing', [['101', 'B']], (o) => o.return('C'), []],
])('what it did to each: %s', ([, moves, change, words]) => {
  const organization = new TestOrganization();
  for (const [who, where] of moves) organization.move(who, where);
  change(organization);
  const changed = organization.effects.find((effect) => effect.kind === 'changed');
  expect((changed?.consequences ?? []).map(inWords)).toEqual(words);
});
