/**
 * The ids of a call's trace (W3C Trace Context §3.2.2) follow from the id of the call: anyone who has the call from a log or a record knows its trace, and calls that are
 * linked need not know each other's spans.
 */

/** 32 hexadecimal digits. `call`: a UUID. */
export const traceIdOf = (call: string): string => call.replaceAll('-', '');

/** Of the span that is the whole call: 16 hexadecimal digits, those of a UUID that are by chance. */
export const callSpanIdOf = (call: string): string => traceIdOf(call).slice(16);
