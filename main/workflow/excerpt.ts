/** The text, or so much of it as is quoted, with a mark that it goes on. */
export function excerpt(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
