/** For an attachment: what appears has the focus from the beginning. */
export const focusNow = (element: HTMLElement): void => element.focus();
