import * as archive001 from './archive-001.ts';
import * as archive002 from './archive-002.ts';
import * as archive003 from './archive-003.ts';
import * as archive006 from './archive-006.ts';
import * as archive007 from './archive-007.ts';
import * as archive010 from './archive-010.ts';
import * as archive011 from './archive-011.ts';
import * as archive015 from './archive-015.ts';
import * as journal001 from './journal-001.ts';
import * as journal002 from './journal-002.ts';

export const journalMigrations = { '001': journal001, '002': journal002 };
export const archiveMigrations = {
  '001': archive001,
  '002': archive002,
  '003': archive003,
  '006': archive006,
  '007': archive007,
  '010': archive010,
  '011': archive011,
  '015': archive015,
};
