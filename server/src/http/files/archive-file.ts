import type { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';
import { attachment } from './sound-file.ts';

/** Files in one (`application/zip`), made while it is sent. */
export class ArchiveFile {
  /** Under which browsers save it. */
  readonly name: string;
  readonly content: Readable;

  constructor(name: string, content: Readable) {
    this.name = name;
    this.content = content;
  }
}

export const sendArchive = (reply: FastifyReply, { name, content }: ArchiveFile): FastifyReply =>
  reply
    .type('application/zip')
    .header('Content-Disposition', attachment(`${name}.zip`))
    .send(content);
