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
  sdp: {
    file: 'src/media/sdp/peer-audio.ts',
    text: "if (/\\0|\\r(?!\\n)/.test(sdp)) throw new UnacceptableOffer('A line holds a control character', 399);",
    replacement: '',
  },
  stun: {
    file: 'src/media/ice/stun.ts',
    text: 'if (value.length !== length) return undefined;',
    replacement: '',
  },
  ogg: {
    file: 'src/media/ogg/ogg-opus.ts',
    text: "if (page + PAGE_HEADER > file.length) throw new UnreadableSound('the file ends inside a page header');",
    replacement: '',
  },
  'sound-files': {
    file: 'src/media/sound-files/wave-file.ts',
    text: 'at + 2 > format.length ? 0 : isBigEndian ?',
    replacement: 'isBigEndian ?',
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
  figures: false,
};
for await (const { parser, findings } of fuzz(Object.keys(BROKEN), options))
  console.log(JSON.stringify({ parser, found: findings.map(({ what }) => what) }));
