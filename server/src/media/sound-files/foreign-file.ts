/** Names the formats of files that cannot be read here, in the words that sound programs use. PURE. */

/** What to do instead, for any such file. */
export const ADVICE = 'Save it as WAV (PCM), FLAC, MP3 or Ogg (Vorbis or Opus) and upload it again.';

/** Formats known by their first octets; RIFF and FORM files by the type after their length. */
const BEGINNINGS: readonly (readonly [beginning: string, file: string])[] = [
  ['#!AMR', 'an AMR file'],
  ['#!SILK', 'a SILK file'],
  ['caff', 'a CAF file'],
  ['.snd', 'an AU file'],
  ['riff\x2e\x91', 'a Wave64 file'],
  ['\x30\x26\xb2\x75\x8e\x66\xcf\x11', 'a Windows Media file'],
  ['\x1a\x45\xdf\xa3', 'a WebM or Matroska file'],
  ['MThd', 'a MIDI file, which holds notes and no sound'],
  ['MAC ', 'a Monkey’s Audio file'],
  ['wvpk', 'a WavPack file'],
  ['MP+', 'a Musepack file'],
  ['MPCK', 'a Musepack file'],
  ['.RMF', 'a RealAudio file'],
  ['.ra\xfd', 'a RealAudio file'],
  ['ADIF', 'an AAC file'],
  ['\x0b\x77', 'an AC-3 file'],
  ['FLV\x01', 'a video (FLV)'],
  ['RIFFAVI ', 'a video (AVI)'],
  ['FORM8SVX', 'an 8SVX file'],
];

/** Sound in an MP4 or QuickTime file by the name of its sample entry (ISO/IEC 14496-12 §8.5.2). */
const CODECS: Readonly<Record<string, string>> = {
  mp4a: 'AAC',
  alac: 'Apple Lossless',
  samr: 'AMR',
  sawb: 'AMR',
  Opus: 'Opus',
  fLaC: 'FLAC',
  'ac-3': 'AC-3',
  'ec-3': 'AC-3',
};

/** “This is …”, or undefined for an unknown format. */
export function nameForeign(file: Buffer): string | undefined {
  const begin = file.toString('latin1', 0, 16);
  if (begin.slice(4, 8) === 'ftyp') return nameMp4(file, begin.slice(8, 12));
  if (isAdts(file)) return 'This is an AAC file.';
  const group = begin.slice(0, 4) + begin.slice(8, 12);
  const [, name] = BEGINNINGS.find(([beginning]) => begin.startsWith(beginning) || group === beginning) ?? [];
  return name && `This is ${name}.`;
}

function nameMp4(file: Buffer, brand: string): string {
  const name = brand.startsWith('M4')
    ? 'an M4A file'
    : brand.startsWith('3g')
      ? 'a 3GP file'
      : brand === 'qt  '
        ? 'a QuickTime file'
        : 'an MP4 file';
  // In front of a sample entry's name: the table's own, its version and flags, how many there are, and the entry's length.
  for (let at = 0; (at = file.indexOf('stsd', at, 'latin1')) >= 0; at += 4) {
    const codec = CODECS[file.toString('latin1', at + 16, at + 20)];
    if (codec) return `This is ${name} with ${codec} sound.`;
  }
  return `This is ${name}.`;
}

/** The sync word of a frame, and a layer that MP3 does not use (ISO/IEC 13818-7 §6.2). */
function isAdts(file: Buffer): boolean {
  return file.length > 1 && (file.readUInt16BE(0) & 0xfff6) === 0xfff0;
}
