import { isUtf8 } from 'node:buffer';

const TEXT = 0x81;
const BINARY = 0x82;
/** An opcode (RFC 6455 §5.5.1). */
const CLOSE = 8;

/** A ping without content (RFC 6455 §5.5.2). */
export const PING = '\x89\0';

/** Whether a frame that has come closes the connection. */
export const isCloseFrame = ([first = 0]: Buffer): boolean => (first & 0x0f) === CLOSE;

/** As much of a reason as a close frame has room for: 123 octets (RFC 6455 §5.5). */
export const fittedReason = (reason: string): string =>
  Buffer.from(reason)
    .subarray(0, 123)
    .toString()
    .replace(/\uFFFD$/, '');

/**
 * One unfragmented, unmasked WebSocket frame around a message, which is an octet string (RFC 6455 §5.2). Text, unless the octets are not UTF-8: a
 * browser closes its socket on such a text frame, and takes them in a binary one (RFC 7118 §5). Hot path.
 * @param mayWait gives it memory of its own: otherwise it shares a piece with other frames, which nothing frees before all of them have been sent.
 */
export function websocketFrame(message: string, mayWait = false): Buffer {
  const { length } = message;
  const start = length < 126 ? 2 : length < 0x1_0000 ? 4 : 10;
  const frame = mayWait ? Buffer.allocUnsafeSlow(start + length) : Buffer.allocUnsafe(start + length);
  const isText = isAscii(message) || isUtf8(Buffer.from(message, 'latin1'));
  frame[0] = isText ? TEXT : BINARY;
  frame[1] = start === 2 ? length : start === 4 ? 126 : 127;
  if (start === 4) frame.writeUInt16BE(length, 2);
  if (start === 10) frame.writeBigUInt64BE(BigInt(length), 2);
  frame.write(message, start, 'latin1');
  return frame;
}

/** Octets beyond ASCII take two in UTF-8. Several times as fast as a regular expression, and nothing is allocated. */
function isAscii(message: string): boolean {
  return Buffer.byteLength(message) === message.length;
}
