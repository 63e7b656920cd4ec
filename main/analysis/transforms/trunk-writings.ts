import type { NationalNumber } from './telephone-groups.ts';

/**
 * Writings of a telephone number that people type and no library writes: the national prefix in brackets behind the calling code
 * (`+44 (0)20 7946 0958`), by itself before the groups (`8 916 123-45-67`), and brackets around the area code (`(02)2712-3456`).
 * Which prefix, which groups, and whether the prefix stands by itself is as the numbering plan's own writing has it.
 */
export function trunkWritings(number: NationalNumber): string[] {
  const { calling, national, local, kept, trunk, prefix } = number;
  const bracketed = local.includes('(');
  const abroad = `+${calling}`;
  const ofArea = areaWritings(kept, bracketed);
  const texts = [...ofArea.map((text) => `${abroad} ${text}`), ...closed(ofArea).map((text) => abroad + text)];
  if (bracketed && trunk === '') texts.push(...closed(ofArea));
  if (prefix === '') return texts;
  // Where the prefix stands, what follows it: `(916) 123-45-67` of `8 (916) 123-45-67`.
  const rest = local.slice(local.indexOf(prefix) + prefix.length);
  const home = rest.replaceAll(/[()]/g, '').replace(/^[^\d]+/, '');
  if (/^\d/.test(rest)) {
    const [area, others] = splitArea(home);
    if (trunk !== prefix) return texts;
    const grouped = new Set([kept, digitsOf(kept).join(' '), digitsOf(kept).join('-')]);
    texts.push(...[...grouped].map((groups) => `${abroad} (${prefix})${groups}`));
    texts.push(`${abroad}(${prefix})${kept}`, `${abroad} (${prefix}) ${kept}`, `${abroad}(${prefix})${national}`);
    if (others === '') return texts;
    const hyphens = digitsOf(others).join('-');
    texts.push(`(${prefix}${area}) ${others}`, `(${prefix}${area}) ${hyphens}`, `(${prefix}${area})${hyphens}`);
    return texts;
  }
  const [area, others] = splitArea(home);
  const bare = digitsOf(others).join('');
  const areas = areaWritings(home, true);
  texts.push(`${prefix} ${home}`, `${prefix} ${area} ${bare}`, `${prefix}-${area}-${bare}`);
  texts.push(...areas.map((text) => `${prefix} ${text}`), ...closed(areas).map((text) => prefix + text));
  return texts;
}

/** The first group in brackets; with `all`, what follows it in each grouping. None where there is one group only. */
function areaWritings(groups: string, all: boolean): string[] {
  const [area, others] = splitArea(groups);
  if (others === '') return [];
  const kinds = all ? [others, digitsOf(others).join(' '), digitsOf(others).join('')] : [others];
  return [...new Set(kinds)].map((one) => `(${area}) ${one}`);
}

/** Without the space behind the bracket, where no other space is left. */
function closed(writings: readonly string[]): string[] {
  return writings.map((text) => text.replace(') ', ')')).filter((text) => !text.includes(' '));
}

function splitArea(groups: string): readonly [string, string] {
  const [, area = groups, others = ''] = /^(\d+)[^\d]+(\d.*)$/.exec(groups) ?? [];
  return [area, others];
}

const digitsOf = (groups: string): readonly string[] => groups.match(/\d+/g) ?? [];
