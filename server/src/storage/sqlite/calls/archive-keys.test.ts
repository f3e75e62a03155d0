import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scratchFolder } from '../../support/scratch-folder.ts';
import { Database } from '../database.ts';
import { ArchiveKeys, firstAt } from './archive-keys.ts';
import { archiveMigrations } from './migrations/index.ts';
import type { ArchiveSchema } from './schema.ts';

let folder: string;
let db: Database<ArchiveSchema>;
beforeAll(async () => {
  folder = scratchFolder();
  db = new Database<ArchiveSchema>(join(folder, 'records.db'), 'crash');
  await db.migrate(archiveMigrations);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

test('an extension and the terminal where it is first seen have numbers one after the other, and keep them', () => {
  const keys = new ArchiveKeys(db);
  const organization = keys.added('organization');
  const [ada, ben] = [keys.addedExtension('ada'), keys.addedExtension('ben')];
  const desk = keys.addedTerminal('desk', ben);
  const adas = keys.addedTerminal('ada’s phone', ada);
  const bens = keys.addedTerminal('ben’s phone', ben);
  expect(firstAt(desk)).toBe(ben);
  expect(firstAt(adas)).toBe(ada);
  expect([ada, ben]).not.toContain(firstAt(bens));
  // Seen again, elsewhere.
  expect(keys.addedTerminal('desk', ada)).toBe(desk);
  expect(keys.addedExtension('ada')).toBe(ada);

  const again = new ArchiveKeys(db);
  const all = { organization, ada, ben, desk, 'ada’s phone': adas, 'ben’s phone': bens };
  expect(new Set(Object.values(all)).size).toBe(6);
  for (const [id, number] of Object.entries(all)) {
    expect(again.of(id)).toBe(number);
    expect(again.id(number)).toBe(id);
  }
  const carl = again.addedExtension('carl');
  expect(Object.values(all)).not.toContain(carl);
  expect(Object.values(all)).not.toContain(again.addedTerminal('carl’s phone', carl));
});
