/** The options of a select: none at all, then the usual numbers and the one that is set, in their order. */
export const choicesOf = (
  usual: readonly number[],
  set: number | null,
  none: string,
  label: (number: number) => string,
): readonly { readonly value: string; readonly label: string }[] => [
  { value: '', label: none },
  ...[...new Set([...usual, ...(set === null ? [] : [set])])]
    .sort((one, other) => one - other)
    .map((each) => ({ value: String(each), label: label(each) })),
];

/** What such a select has chosen. */
export const chosen = (value: string): number | null => (value === '' ? null : Number(value));
