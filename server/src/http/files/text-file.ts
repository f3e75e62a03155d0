import type { FastifyReply } from 'fastify';
import { attachment } from './sound-file.ts';

/** A text as a file. */
export class TextFile {
  /** Under which browsers save it. */
  readonly name: string;
  readonly text: string;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
  }
}

export const sendText = (reply: FastifyReply, { name, text }: TextFile): FastifyReply =>
  reply
    .type('text/plain; charset=utf-8')
    .header('Content-Disposition', attachment(`${name}.txt`))
    .send(text);
