import type { FastifyReply } from 'fastify';

/** An Ogg Opus file (RFC 7845), and the name under which browsers save it, which may contain anything. */
export class SoundFile {
  readonly file: Uint8Array;
  readonly name: string;

  constructor(file: Uint8Array, name: string) {
    this.file = file;
    this.name = name;
  }
}

export const sendSound = (reply: FastifyReply, { file, name }: SoundFile): FastifyReply =>
  reply
    .type('audio/ogg')
    .header('Content-Disposition', attachment(`${name}.opus`))
    .send(file);

/**
 * `Content-Disposition` of a file to be saved under that name (RFC 6266, RFC 8187). Names are written by people:
 * characters that could end the field, leave the folder or change the reading direction become `_`.
 */
export function attachment(name: string): string {
  const harmless = name.replaceAll(/[\p{C}\p{Zl}\p{Zp}/\\:*?"<>|]/gu, '_');
  // Some browsers take a percent sign in the plain form for an escape.
  const plain = harmless.replaceAll(/[^ -~]|%/gu, '_');
  const encoded = encodeURIComponent(harmless).replaceAll(
    /['()]/g,
    (one) => `%${one.charCodeAt(0).toString(16)}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`;
}
