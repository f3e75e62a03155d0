import { isTheirDialling, type Person } from './person.ts';

/** Does the body of a message to another program name them: by a name, an address, or a number that was theirs when it happened? PURE. */
export function tellsOf(person: Person, body: string): boolean {
  const told = JSON.parse(body) as { readonly timestamp: string; readonly data?: object };
  const { startedAt, since, at } = (told.data ?? {}) as Readonly<Record<string, string | undefined>>;
  // A call that began while the number was theirs may end when it is somebody else's.
  const times = [told.timestamp, startedAt, since, at].flatMap((time) => (time ? [Date.parse(time)] : []));
  const words = new Set([...person.names, ...person.accounts.map(({ email }) => email)]);
  const isTheirs = (text: string) =>
    words.has(text) || times.some((time) => isTheirDialling(person, text, time));
  return textsIn(told.data).some(isTheirs);
}

const textsIn = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
};
