/** A recording that was still under way when the process died, made whole again. */
export interface Salvaged {
  readonly file: Buffer;
  readonly comments: readonly string[];
  readonly durationMs: number;
  /** Time in which somebody was loud enough to be sent: without the packets of silence. */
  readonly soundMs: number;
}

/** Cuts off what is torn or none of ours, and ends the file properly; undefined where not even its head is left. */
export function salvage(file: Buffer): Salvaged | undefined {
  throw new Error(`not built: ${file.length}`);
}

/** The comments of a whole file (RFC 7845 §5.2); undefined where it has none that can be read. */
export function commentsOf(file: Buffer): readonly string[] | undefined {
  throw new Error(`not built: ${file.length}`);
}
