import process from 'node:process';

/**
 * All components are one program for the rules that need types, each known to the others: left to itself, typescript-eslint makes a program
 * anew for each of them, which takes four times as long, and finds less. To be imported before svelte-eslint-parser, which reads it once.
 */
process.env['SVELTE_ESLINT_PARSER_EXPERIMENTAL_TS_SYS_HOOK'] = '1';
