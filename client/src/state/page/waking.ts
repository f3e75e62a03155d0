interface Awakened {
  readonly word: { readonly doubted: boolean };
  readonly calls: { readonly focused: { readonly isWithServer: boolean } | null };
}

/** After a sleep no name is shown before the server has said who is here now. A call with a person is: it is this page's own. */
export const isWaking = ({ word, calls }: Awakened): boolean =>
  word.doubted && (calls.focused?.isWithServer ?? true);
