/** Characters of a field's name that are told. */
const MAX_NAME = 128;

/** The name as it is told: of one that is too long to be repeated at each place the beginning, with a mark that it goes on. */
export function shortName(name: string): string {
  if (name.length <= MAX_NAME) return name;
  // Never half of a character that takes two.
  const end = (name.charCodeAt(MAX_NAME - 2) & 0xfc00) === 0xd800 ? MAX_NAME - 2 : MAX_NAME - 1;
  return `${name.slice(0, end)}…`;
}
