// Constants of sixteen bytes, as places in memory. V8 (13) makes a constant anew wherever it is named, in every turn of a loop, from
// three to five instructions; loaded from memory it is one.

@inline
export function lanes(at: usize): v128 {
  return v128.load(at);
}

export const LOW_NIBBLE = memory.data<u32>([0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f, 0x0f0f0f0f], 16);

@inline
export function lowHalves(block: v128): v128 {
  return v128.and(block, lanes(LOW_NIBBLE));
}

/** Upper halves of bytes: not i8x16.shr_u, for which no processor has an instruction. */
@inline
export function highHalves(block: v128): v128 {
  return v128.and(i16x8.shr_u(block, 4), lanes(LOW_NIBBLE));
}

/** Bytes that are not zero where lower and upper half (each below sixteen) have a group in common. `lower`, `upper`: places of the tables. */
@inline
export function groups(lower: usize, upper: usize, low: v128, high: v128): v128 {
  return v128.and(i8x16.relaxed_swizzle(lanes(lower), low), i8x16.relaxed_swizzle(lanes(upper), high));
}

/** A bit for each byte that is not zero. */
@inline
export function bitsOf(groups: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(i8x16.ne(groups, i8x16.splat(0))));
}
