/** Each of these once, as it was said last: a list that names something twice must not break what is made of it. PURE. */
export function onceEach<Item>(items: readonly Item[], keyOf: (item: Item) => unknown): readonly Item[] {
  const byKey = new Map(items.map((item) => [keyOf(item), item]));
  return byKey.size === items.length ? items : [...byKey.values()];
}
