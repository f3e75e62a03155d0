import { expect, test } from 'vitest';
import { misprints } from './typography.ts';

test.for([
  ['fr', 'Prêt\u202F?'],
  ['fr', 'Appuyez sur «\u00A0Quitter\u00A0», puis\u00A0: #'],
  ['fr', 'Des adresses commençant par https:.'],
  ['es', '¿Traer aquí su llamada?'],
  ['de', 'Drücken Sie „Anrufen“.'],
  ['ro', 'Apăsați „Apelați”.'],
  ['en', 'Press “Call”.'],
] as const)('in %s nothing is to mend: %s', ([language, text]) => {
  expect(misprints(language, text)).toEqual([]);
});

test.for([
  ['fr', 'Prêt ?'],
  ['fr', 'Prêt?'],
  ['fr', '« Quitter »'],
  ['es', 'Traer aquí su llamada?'],
  ['es', '¿Traer aquí su llamada'],
  ['de', 'Drücken Sie „Anrufen”.'],
  ['de', 'Drücken Sie „Anrufen.'],
  ['ro', 'Apăsaţi'],
  ['ro', 'Apăsați «Apelați».'],
  ['en', 'Press "Call".'],
  ['en', 'Press  Call'],
  ['en', 'Loading...'],
] as const)('in %s something is: %s', ([language, text]) => {
  expect(misprints(language, text)).not.toEqual([]);
});
