/** Characters of a line on the printed page: what is longer would be broken where a shell does not expect it. */
export const commandWidth = 78;

/** An exhibit's file in the case is named by its hash: that is what a reader has. */
export function exhibitFile(sha256: string): string {
  return `exhibits/${sha256.slice(0, 2)}/${sha256}`;
}

/** Lines for a POSIX shell: the exhibit's path on its own as `$E`, then the command, none longer than the page is wide. */
export function onExhibit(sha256: string, command: string): string {
  return `E=${exhibitFile(sha256)}\n${foldCommand(command)}`;
}

/**
 * Folds a command at its spaces so that it can be pasted: between words with a backslash, inside single quotes (a display
 * filter, a Perl program) with a bare line feed, which both read as a space. A word that is longer than a line stays whole.
 */
export function foldCommand(command: string): string {
  const lines: string[] = [];
  let line = '';
  let quoted = false;
  for (const word of command.split(' ')) {
    // A list of frames has no spaces: its commas are followed by some.
    for (const [index, part] of partsOf(word, quoted).entries()) {
      const joint = index === 0 && line.trim() !== '' ? ' ' : '';
      if (line.trim() !== '' && line.length + joint.length + part.length + 2 > commandWidth) {
        lines.push(quoted ? line : `${line} \\`);
        line = quoted ? '' : '  ';
        line += part;
      } else line += joint + part;
      if (part.split("'").length % 2 === 0) quoted = !quoted;
    }
  }
  return [...lines, line].join('\n');
}

function partsOf(word: string, quoted: boolean): readonly string[] {
  return quoted && /^\{[\d,]+\}'?$/.test(word) ? word.split(/(?<=,)/) : [word];
}
