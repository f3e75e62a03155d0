import { PassThrough, pipeline, Readable } from 'node:stream';
import yazl from 'yazl';
import type { HeldSound, Holding } from './ports.ts';

/** A sound, and where it comes from; `undefined` where its file is gone. */
export interface ArchivedSound extends HeldSound {
  open(): Promise<Readable | undefined>;
}

interface ArchiveContents {
  readonly organization: string;
  /** When it was made. */
  readonly at: number;
  readonly holdings: readonly Holding[];
  readonly sounds: readonly ArchivedSound[];
  /** Is the sound of a mailbox left out, since nobody but its owner may hear it? */
  readonly isWithoutSounds: boolean;
}

/** Everything about one person as a zip, made while it is read: however much there is, little of it is in memory. */
export function archiveOf({
  organization,
  at,
  holdings,
  sounds,
  isWithoutSounds,
}: ArchiveContents): Readable {
  const zip = new yazl.ZipFile();
  const output = new PassThrough();
  // An answer that has begun cannot be taken back: it ends where it fails.
  zip.on('error', (error) => output.destroy(error as Error));
  pipeline(zip.outputStream, output, () => undefined);
  const mtime = new Date(at);
  zip.addBuffer(Buffer.from(readme(organization, mtime, isWithoutSounds)), 'README.txt', { mtime });
  for (const { name, rows } of holdings)
    zip.addReadStreamLazy(`${name}.json`, { mtime }, (give) => {
      give(null, Readable.from(asJson(rows)));
    });
  for (const sound of sounds)
    zip.addReadStreamLazy(`voicemail/${sound.kind}-${sound.id}.opus`, { mtime, compress: false }, (give) => {
      sound.open().then(
        (file) => give(null, file ?? Readable.from([])),
        (error: unknown) => give(error, Readable.from([])),
      );
    });
  zip.end();
  return output;
}

/** A JSON array, a row a line. */
async function* asJson(rows: Holding['rows']): AsyncGenerator<string> {
  let isFirst = true;
  for await (const row of rows) {
    yield `${isFirst ? '[\n' : ',\n'}${JSON.stringify(row)}`;
    isFirst = false;
  }
  yield isFirst ? '[]\n' : '\n]\n';
}

const readme = (organization: string, made: Date, isWithoutSounds: boolean): string =>
  [
    `What the phone system of ${organization} holds about one person, on ${made.toISOString()}.`,
    '',
    'Each .json file is a list (RFC 8259), one entry a line. Times are in UTC: as text, or in calls.json as milliseconds',
    'since 1 January 1970. What a call record says is described in /api/openapi.json of the server, as CallRecord.',
    isWithoutSounds
      ? 'The sound of voicemail is not here: only the owner of a mailbox may hear it, and gets it in an archive of their own.'
      : 'voicemail/ has the sounds of the mailbox, which messages.json and mailbox.json describe (Ogg Opus, RFC 7845).',
    'Passwords, secret codes, PINs and tokens are kept as hashes only, and are not here.',
    '',
  ].join('\r\n');
