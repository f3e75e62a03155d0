import process from 'node:process';
import { breakLines, type BrokenLine } from '../altered/broken-lines.ts';
import { fuzz } from './fuzz.ts';

/*
 * Fuzzes parsers that are broken in one way each: `node broken-parsers.ts EXECUTIONS`. Prints a line of JSON for each: its name and what was found.
 */
const BROKEN: Readonly<Record<string, BrokenLine>> = {
  'sip-message': {
    file: 'src/sip/message/wire-headers.ts',
    text: 'if (octet === CR || octet === LF || (octet === 0 && octets[at - 1] !== BACKSLASH)) clean = false;',
    replacement: '',
  },
  uri: {
    file: 'src/sip/message/fields/uri.ts',
    text: "headers: question < 0 ? '' : uri.slice(question + 1)",
    replacement: "headers: question < 0 ? '' : uri.slice(question)",
  },
};

breakLines(Object.values(BROKEN));
const options = {
  parser: undefined,
  seed: 'broken',
  seconds: undefined,
  executions: Number(process.argv[2]),
  keeps: false,
  json: true,
};
for await (const { parser, findings } of fuzz(Object.keys(BROKEN), options))
  console.log(JSON.stringify({ parser, found: findings.map(({ what }) => what) }));
