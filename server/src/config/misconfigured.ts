/** The environment asks for something impossible; the message is a sentence for the operator. */
export class Misconfigured extends Error {
  override readonly name = 'Misconfigured';
}
