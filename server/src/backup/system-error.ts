/** An error of the system or of SQLite, about a file. */
export const isOfTheSystem = (error: unknown): error is NodeJS.ErrnoException =>
  error instanceof Error && /^(?:E[A-Z]|SQLITE_)/.test(String((error as NodeJS.ErrnoException).code));
