/**
 * The same text in memory of its own. For V8, a slice of a text is a reference to it, and so is a text joined from slices: keeping
 * a user name would keep the whole message that it came in.
 */
export const copied = (text: string): string => JSON.parse(JSON.stringify(text)) as string;
