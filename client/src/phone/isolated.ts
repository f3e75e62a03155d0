/**
 * A name between FSI and PDI (UAX #9 §2.2), for sentences: whatever direction it is written in, the words and numbers around it
 * stay in their order. Markup has `<bdi>` for it.
 */
export const isolated = (name: string): string => (name === '' ? '' : `\u2068${name}\u2069`);
