/**
 * Why a microphone cannot be opened: the person or a policy of the browser has `refused` it to the page, the browser's question was
 * `dismissed`, the `system` refuses it to the browser, the page is `insecure` (no TLS), there is no device (`missing`), or it is `busy`.
 */
export type MicrophoneRefusal = 'refused' | 'dismissed' | 'system' | 'insecure' | 'missing' | 'busy';

/**
 * Why this side cannot be heard: the microphone could not be opened, was `lost` meanwhile, is muted by the system (`silenced`), or
 * gives no sound at all (`silent`).
 */
export type MicrophoneTrouble = MicrophoneRefusal | 'lost' | 'silenced' | 'silent';
