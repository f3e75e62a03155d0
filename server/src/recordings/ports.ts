/** What happens to files of recordings, for logs and metrics. */
export interface RecordingsJournal {
  /** An unreadable file was moved out of the way; nothing of it is lost. */
  setAside(file: string): void;
  failed(error: unknown): void;
}
