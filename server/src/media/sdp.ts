/** Session descriptions as lines (RFC 8866): what offers and answers are read from. */
export interface SessionDescription {
  /** Lines before the first `m=`. */
  readonly session: readonly string[];
  readonly media: readonly MediaDescription[];
}

export interface MediaDescription {
  readonly kind: string;
  /** Zero means rejected, or no longer used (RFC 3264 §8.2). */
  readonly port: number;
  readonly protocol: string;
  /** Payload types for RTP. */
  readonly formats: readonly string[];
  /** The lines below `m=`. */
  readonly lines: readonly string[];
}

/** Splits a description into its parts; a media line that is cut short makes a section without formats. */
export function readDescription(sdp: string): SessionDescription {
  const session: string[] = [];
  const media: (MediaDescription & { readonly lines: string[] })[] = [];
  for (const line of sdp.split(/\r?\n/)) {
    if (line.startsWith('m=')) media.push(readMediaLine(line));
    else if (line !== '') (media.at(-1)?.lines ?? session).push(line);
  }
  return { session, media };
}

/** `m=audio 9 UDP/TLS/RTP/SAVPF 111 0` (RFC 8866 §5.14). */
function readMediaLine(line: string): MediaDescription & { readonly lines: string[] } {
  const [kind = '', port = '', protocol = '', ...formats] = line.slice(2).trim().split(/\s+/);
  return { kind, port: /^\d{1,5}/.test(port) ? parseInt(port, 10) : 0, protocol, formats, lines: [] };
}

/** The value of the first `a=<name>:<value>`. */
export function attribute(lines: readonly string[], name: string): string | undefined {
  return attributes(lines, name)[0];
}

/** The values of all `a=<name>:<value>`, in order. */
export function attributes(lines: readonly string[], name: string): string[] {
  const prefix = `a=${name}:`;
  return lines.filter((line) => line.startsWith(prefix)).map((line) => line.slice(prefix.length).trim());
}

/** Is the property attribute `a=<name>` there? */
export function hasProperty(lines: readonly string[], name: string): boolean {
  return lines.includes(`a=${name}`);
}
