/** Session descriptions as lines (RFC 8866), from which offers and answers are read. */
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

/**
 * The levels at which an attribute may appear, each as its lines, nearest first: the nearest level that has an attribute overrides
 * the next one (RFC 8866 §5.13, RFC 8122 §5, RFC 8839 §5.4).
 */
export type Levels = readonly (readonly string[])[];

/** The values of all `a=<name>:<value>` of the nearest level that has any, in order. */
export function attributes(levels: Levels, name: string): string[] {
  const prefix = `a=${name}:`;
  for (const lines of levels) {
    const values = lines.filter((line) => line.startsWith(prefix));
    if (values.length > 0) return values.map((line) => line.slice(prefix.length).trim());
  }
  return [];
}

/** The first of these values. */
export function attribute(levels: Levels, name: string): string | undefined {
  return attributes(levels, name)[0];
}

/** Which of these property attributes, `a=<name>`, holds: the first in the nearest level that has any of them. */
export function property<Name extends string>(levels: Levels, names: readonly Name[]): Name | undefined {
  for (const lines of levels) {
    const line = lines.find((line) => names.some((name) => line.trimEnd() === `a=${name}`));
    if (line !== undefined) return names.find((name) => line.trimEnd() === `a=${name}`);
  }
  return undefined;
}
