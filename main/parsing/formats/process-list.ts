import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';

const packageName = /^([A-Za-z]\w{0,255}(?:\.\w{1,255})+)(?::\S{1,255})?$/;
const number = /^\d{1,10}$/;

/** Where each thing stands in a row, by the heading; null for another line. */
interface Columns {
  readonly pid: number;
  readonly ppid: number;
  readonly name: number;
}

function columnsOf(words: readonly string[]): Columns | null {
  const [pid, ppid, name] = [words.indexOf('PID'), words.indexOf('PPID'), words.indexOf('NAME')];
  if (words[0] !== 'USER' || pid < 0 || ppid < 0 || name < 0) return null;
  // Toolbox (till 7) prints a state before the name that its heading does not name.
  return { pid, ppid, name: words.includes('S') ? name : name + 1 };
}

/** `ps` of toolbox (till 7) and `ps -A` of toybox (from 8 on): one fact a process, whose it is and by whom it was started. */
export function parseProcessList({ text }: FormatInput, sink: ParseSink): void {
  let columns: Columns | null = null;
  eachDumpLine(text, sink, ({ line, text: said }) => {
    const words = said.split(/\s+/);
    if (columns === null) {
      columns = columnsOf(words);
      if (columns === null) sink.skip(line, said, 'no-process-heading');
      return;
    }
    const [pid = '', ppid = ''] = [words[columns.pid], words[columns.ppid]];
    const name = words.slice(columns.name).join(' ');
    if (name === '' || !number.test(pid) || !number.test(ppid)) return sink.skip(line, said, 'not-a-process');
    const owner = packageName.exec(name)?.[1] ?? null;
    const value = `USER=${words[0] ?? ''} PID=${pid} PPID=${ppid}`;
    sink.add({ kind: 'fact', topic: 'process', package: owner, name, value, atHandset: null });
  });
}
