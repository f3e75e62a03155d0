export const FRAME_MS = 20;
/** Units of Opus's clock in a frame. */
export const FRAME_UNITS = 960;
/** What callers say: speech, over and over. */
export const SPEECH = new URL('../../prompts/en/leave-message.opus', import.meta.url);
/** How often connectivity is checked until it is there (RFC 8445 §14). */
export const CHECK_MS = 50;
