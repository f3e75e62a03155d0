/** One mail address and nothing else: no name, no second address, nothing that could end a header or an SMTP command. */
export const isMailAddress = (text: string): boolean =>
  /^[^\s\p{C}@,;:"()<>[\]\\]+@[^\s\p{C}@,;:"()<>\\]+$/u.test(text);
