import { PLAN_STEPS, type PlanPlace } from '@perch/shared';

/** How far an arrow key moves a phone, and how far with Shift (steps). */
const STRIDE = 10;
const LONG_STRIDE = 50;

const WAYS: Readonly<Record<string, readonly [x: number, y: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** How much room a phone takes (steps), and so how far those are apart that are put somewhere and not dragged. */
const ROOM = 125;
/** How far from the edge the first of them stands. */
const EDGE = 60;

/** Where a phone is put first: the nearest place to the top left that no other covers; in the middle where the plan is full. */
export function freePlace(taken: readonly PlanPlace[]): PlanPlace {
  for (let y = EDGE; y < PLAN_STEPS; y += ROOM)
    for (let x = EDGE; x < PLAN_STEPS; x += ROOM)
      if (taken.every((one) => Math.abs(one.x - x) >= ROOM || Math.abs(one.y - y) >= ROOM)) return { x, y };
  return { x: PLAN_STEPS / 2, y: PLAN_STEPS / 2 };
}

const within = (step: number): number => Math.min(PLAN_STEPS, Math.max(0, Math.round(step)));

/** The place at which a pointer is: `left` and `top` are from the corner of a plan of that size (CSS pixels). */
export const placeAt = (
  left: number,
  top: number,
  { width, height }: { readonly width: number; readonly height: number },
): PlanPlace => ({
  x: within((left / width) * PLAN_STEPS),
  y: within((top / height) * PLAN_STEPS),
});

/** The place to which a key moves a phone; `undefined` for keys that do not. */
export function movedByKey({ x, y }: PlanPlace, key: string, isLong: boolean): PlanPlace | undefined {
  const way = WAYS[key];
  if (way === undefined) return undefined;
  const stride = isLong ? LONG_STRIDE : STRIDE;
  return { x: within(x + way[0] * stride), y: within(y + way[1] * stride) };
}

/** Is it the same place, or neither of them one? */
export const isSame = (one: PlanPlace | null, other: PlanPlace | null): boolean =>
  one?.x === other?.x && one?.y === other?.y;
