/** A bar of a chart, or a part of one, in shares of the chart's height: from its foot up. */
export interface Bar {
  readonly from: number;
  readonly height: number;
}

/** The next round number; its half is one, too, so that a scale can have both. PURE. */
export function scaleFor(highest: number): number {
  if (highest <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(highest));
  return ([1, 2, 4, 6, 8, 10].find((step) => step * power >= highest) ?? 10) * power;
}

/** Values on top of each other. PURE. */
export function stacked(values: readonly number[], scale: number): readonly Bar[] {
  let from = 0;
  return values.map((value) => {
    const bar = { from, height: value / scale };
    from += bar.height;
    return bar;
  });
}
