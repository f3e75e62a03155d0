/** Reads and writes SIP for these tests: with a parser of their own, so that the product's is not tested against itself. */
export interface Message {
  readonly startLine: string;
  /** By lower-case name, in the order of arrival. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

export function parse(text: string): Message {
  const end = text.indexOf('\r\n\r\n');
  if (end < 0) throw new Error(`no SIP message: ${text}`);
  const [startLine = '', ...lines] = text.slice(0, end).split('\r\n');
  const fields = new Map<string, string[]>();
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    fields.set(name, [...(fields.get(name) ?? []), line.slice(colon + 1).trim()]);
  }
  return { startLine, fields, body: text.slice(end + 4) };
}

export const isResponse = (message: Message): boolean => message.startLine.startsWith('SIP/2.0 ');
export const status = (response: Message): number => Number(response.startLine.slice(8, 11));
export const method = (request: Message): string =>
  request.startLine.slice(0, request.startLine.indexOf(' '));

/** The first field of that name. Throws where there is none. */
export function field(message: Message, name: string): string {
  const value = message.fields.get(name.toLowerCase())?.[0];
  if (value === undefined) throw new Error(`no ${name} in ${message.startLine}`);
  return value;
}

export const all = (message: Message, name: string): readonly string[] =>
  message.fields.get(name.toLowerCase()) ?? [];

export const branch = (message: Message): string => /;branch=([^;,]+)/.exec(field(message, 'Via'))?.[1] ?? '';
export const tag = (value: string): string => /;tag=([^;]+)/.exec(value)?.[1] ?? '';
/** The URI between `<` and `>`. */
export const uriOf = (address: string): string => /<([^>]*)>/.exec(address)?.[1] ?? address;
export const displayName = (address: string): string => /^\s*"?([^"<]*?)"?\s*</.exec(address)?.[1] ?? '';

/** A message on the wire, with its Content-Length. */
export function format(startLine: string, fields: readonly string[], body = ''): string {
  const lines = [startLine, ...fields, `Content-Length: ${String(Buffer.byteLength(body))}`];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
