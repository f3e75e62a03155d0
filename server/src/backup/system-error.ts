/** An error of the system or of SQLite, about a file; those that Node finds in a program are none. */
export const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && /^(?:E(?!RR_)[A-Z]|SQLITE_)/.test(String((error as NodeJS.ErrnoException).code));
