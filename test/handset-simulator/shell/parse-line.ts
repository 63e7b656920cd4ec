/** One simple command of a line: what runs, where its output goes, and under which condition it runs at all. */
export interface SimpleCommand {
  readonly words: readonly string[];
  readonly when: 'always' | 'on-success' | 'on-failure';
  readonly stdout: Sink;
  readonly stderr: Sink;
}

export type Sink =
  | { readonly to: 'stdout' | 'stderr' | 'nowhere' }
  | { readonly to: 'file'; readonly path: string; readonly append: boolean };

export type ParsedLine =
  { readonly ok: true; readonly commands: readonly SimpleCommand[] } | { readonly ok: false; readonly near: string };

/** What `$$` and `$?` stand for is known only while running: they stay in the words as these marks. */
export const pidMark = '\u0001';
export const statusMark = '\u0002';

type Token = { readonly kind: 'word'; readonly text: string } | { readonly kind: 'operator'; readonly text: string };

const operators = ['&&', '||', '2>&1', '1>&2', '>&2', '2>>', '2>', '>>', '>', ';', '\n', '|', '&', '(', ')', '<', '`'];

function operatorAt(line: string, at: number, wordStarted: boolean): string | null {
  const found = operators.find((operator) => line.startsWith(operator, at)) ?? null;
  // `a2>x` is the word a2 and a redirection: the digit belongs to the operator only where a word begins.
  return found !== null && wordStarted && /^\d/.test(found) ? null : found;
}

/** `{a,b}` outside quotes becomes two words, as mksh does it. */
function expandBraces(word: string): string[] {
  const match = /^(.*?)\{([^{}]*,[^{}]*)\}(.*)$/s.exec(word);
  if (match === null) return [word];
  return (match[2] ?? '').split(',').flatMap((middle) => expandBraces(`${match[1] ?? ''}${middle}${match[3] ?? ''}`));
}

/** Text between double quotes, from `from` to the closing one; null when there is none. */
function doubleQuoted(line: string, from: number): { text: string; end: number } | null {
  let text = '';
  for (let at = from; at < line.length; at += 1) {
    if (line[at] === '"') return { text, end: at };
    const special = line.startsWith('$$', at) ? pidMark : line.startsWith('$?', at) ? statusMark : null;
    if (special !== null || (line[at] === '\\' && '"\\$`'.includes(line[at + 1] ?? 'x'))) at += 1;
    text += special ?? line[at] ?? '';
  }
  return null;
}

function tokenise(line: string): Token[] | null {
  const tokens: Token[] = [];
  let text = '';
  let started = false;
  let quoted = false;
  const flush = (): void => {
    if (started) for (const word of quoted ? [text] : expandBraces(text)) tokens.push({ kind: 'word', text: word });
    text = '';
    started = false;
    quoted = false;
  };
  for (let i = 0; i < line.length; i += 1) {
    const character = line[i] ?? '';
    const rest = line.slice(i);
    const special = rest.startsWith('$$') ? pidMark : rest.startsWith('$?') ? statusMark : null;
    const operator = operatorAt(line, i, started);
    if (character === "'") {
      const end = line.indexOf("'", i + 1);
      if (end < 0) return null;
      text += line.slice(i + 1, end);
      [started, quoted, i] = [true, true, end];
    } else if (character === '"') {
      const inner = doubleQuoted(line, i + 1);
      if (inner === null) return null;
      text += inner.text;
      [started, quoted, i] = [true, true, inner.end];
    } else if (character === '\\') {
      text += line[i + 1] ?? '';
      [started, quoted, i] = [true, true, i + 1];
    } else if (special !== null) {
      text += special;
      [started, i] = [true, i + 1];
    } else if (character === ' ' || character === '\t' || character === '\r') flush();
    else if (character === '#' && !started) break;
    else if (operator !== null) {
      flush();
      tokens.push({ kind: 'operator', text: operator });
      i += operator.length - 1;
    } else {
      text += character;
      started = true;
    }
  }
  flush();
  return tokens;
}

const redirections: Record<string, { which: 'stdout' | 'stderr'; append: boolean }> = {
  '>': { which: 'stdout', append: false },
  '>>': { which: 'stdout', append: true },
  '2>': { which: 'stderr', append: false },
  '2>>': { which: 'stderr', append: true },
};

/** A line of `a; b && c || d` with quotes and redirections: no pipes, no substitution, no variables. */
export function parseLine(line: string): ParsedLine {
  const tokens = tokenise(line);
  if (tokens === null) return { ok: false, near: 'no closing quote' };
  const parsed: SimpleCommand[] = [];
  let words: string[] = [];
  let when: SimpleCommand['when'] = 'always';
  let sinks: { stdout: Sink; stderr: Sink } = { stdout: { to: 'stdout' }, stderr: { to: 'stderr' } };
  const close = (next: SimpleCommand['when']): void => {
    if (words.length > 0) parsed.push({ words, when, ...sinks });
    words = [];
    sinks = { stdout: { to: 'stdout' }, stderr: { to: 'stderr' } };
    when = next;
  };
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token === undefined) break;
    if (token.kind === 'word') {
      words.push(token.text);
      continue;
    }
    const redirection = redirections[token.text];
    if (redirection !== undefined) {
      const target = tokens[i + 1];
      if (target?.kind !== 'word') return { ok: false, near: target?.text ?? 'newline' };
      sinks[redirection.which] =
        target.text === '/dev/null' ? { to: 'nowhere' } : { to: 'file', path: target.text, append: redirection.append };
      i += 1;
    } else if (token.text === '2>&1') sinks.stderr = sinks.stdout;
    else if (token.text === '>&2' || token.text === '1>&2') sinks.stdout = sinks.stderr;
    else if (token.text === ';' || token.text === '\n') close('always');
    else if (token.text === '&&') close('on-success');
    else if (token.text === '||') close('on-failure');
    else return { ok: false, near: token.text };
  }
  close('always');
  return { ok: true, commands: parsed };
}
