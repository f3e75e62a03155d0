/** Ogg Opus (RFC 7845) as it is written: first the head, then pages, each of which leaves a playable file behind it. PURE. */

/** The first two pages, `comments` in the second (`NAME=value`). Throws `RangeError` where they do not fit into a page. */
export function oggOpusHead(comments: readonly string[]): Buffer {
  throw new Error(`not built: ${comments.length}`);
}

/** The pages after the head of a sound that is there as a whole. */
export function oggOpusBody(packets: readonly Uint8Array[]): Buffer {
  throw new Error(`not built: ${packets.length}`);
}
