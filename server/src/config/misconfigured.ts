/** The environment asks for something that cannot be; the message is a sentence for whoever set it. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
}
