/** So wide that people stand between what a page is about and its keys; the styles that say the same use `--three-columns`. */
export const THREE_COLUMNS = '(min-width: 68.75rem) and (min-height: 34rem)';
