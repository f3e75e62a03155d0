import process from 'node:process';

/** Is everything to be tried that can be, where CI takes turns? Some minutes more (CONTRIBUTING.md, *Tests*). */
export const isComplete = process.env['PERCH_TEST_COMPLETE'] === '1';
