/** Patterns of one to fifteen bytes, repeated to sixteen: places of the bytes, and how many of the sixteen are whole patterns. */
const patterns: usize = memory.data(16 * 16, 16);
const steps: usize = memory.data(16, 16);

export function preparePatterns(): void {
  for (let distance: usize = 1; distance < 16; distance++) {
    for (let i: usize = 0; i < 16; i++) store<u8>(patterns + (distance << 4) + i, i % distance);
    store<u8>(steps + distance, 16 - (16 % distance));
  }
}

/** RFC 1951, 3.2.3: what is repeated may reach into what it becomes. Up to fifteen bytes too many are written behind it. */
@inline
export function repeat(to: usize, distance: usize, length: usize): void {
  const end = to + length;
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(to - distance));
      to += 16;
    } while (to < end);
    return;
  }
  const pattern = i8x16.swizzle(v128.load(to - distance), v128.load(patterns + (distance << 4)));
  const step: usize = load<u8>(steps + distance);
  do {
    v128.store(to, pattern);
    to += step;
  } while (to < end);
}
