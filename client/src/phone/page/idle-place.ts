/** Where something is in the room that it has: from 0 at the start or top to 1 at the end or bottom. */
interface Place {
  readonly across: number;
  readonly down: number;
}

/** The inverse of the plastic number, and its square: multiples of both are spread evenly over a square, whatever their count. */
const [ACROSS, DOWN] = [0.754_877_666_246_692_8, 0.569_840_290_998_053_3];

/** Where the idle screen is drawn in that minute: never twice in the same place, and everywhere equally often. */
export const placeAt = (minute: number): Place => ({
  across: (minute * ACROSS) % 1,
  down: (minute * DOWN) % 1,
});
