import { type Piece, PortionedWork } from '../portioned-work.ts';

/** Work that is done when the test says so. */
export class HeldWork extends PortionedWork {
  readonly pieces: Piece[] = [];

  constructor() {
    super(
      () => 0,
      () => undefined,
    );
  }

  override add(piece: Piece): void {
    this.pieces.push(piece);
  }

  override addBrief(piece: Piece): void {
    this.add(piece);
  }

  /** Does all that waits, and all that there is more of. */
  finish(): void {
    for (let piece = this.pieces.shift(); piece !== undefined; piece = this.pieces.shift())
      if (piece()) this.pieces.push(piece);
  }
}
