/** One address for mail, and nothing besides: no name, no second one, nothing that a header or an SMTP command could end at. */
export const isMailAddress = (text: string): boolean =>
  /^[^\s\p{C}@,;:"()<>[\]\\]+@[^\s\p{C}@,;:"()<>\\]+$/u.test(text);
