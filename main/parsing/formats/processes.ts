import { eachDumpLine } from '../dump-lines.ts';
import { readHandsetInstant } from '../handset-time.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const service = /^\* ServiceRecord\{[0-9a-f]{1,16} (?:u\d{1,6} )?(([\w.]{1,256})\/[^\s}]{1,256})[^}]*\}/;
/** Of a running service: the process it runs in, since when, and whether it shows that it runs. */
const told = /^(?:processName=|createTime=|isForeground=true|startRequested=true)/;

interface Service {
  readonly name: string;
  readonly package: string;
  readonly indent: number;
  readonly told: string[];
}

/** `dumpsys activity services`: one fact a running service. */
export function parseServices({ text }: FormatInput, sink: ParseSink): void {
  let open: Service | null = null;
  let seen = 0;
  const close = (): void => {
    if (open !== null)
      sink.add({
        kind: 'fact',
        topic: 'service',
        package: open.package,
        name: open.name,
        value: sink.value(open.told.join('; ')),
        atHandset: null,
      });
    open = null;
  };
  eachDumpLine(text, sink, ({ indent, text: said }) => {
    const match = service.exec(said);
    if (match || (open !== null && indent <= open.indent)) close();
    if (match) {
      seen += 1;
      open = { name: match[1] ?? '', package: match[2] ?? '', indent, told: [] };
    } else if (open !== null && told.test(said)) open.told.push(said);
  });
  close();
  if (seen === 0 && !/^ACTIVITY MANAGER SERVICES/m.test(text)) noSection(sink, text, 'ACTIVITY MANAGER SERVICES');
}

/** `dumpsys activity exit-info` (from 11 on): one fact a process that ended, when, why, and what the system says of it. */
export function parseExitInfo({ text, context }: FormatInput, sink: ParseSink): void {
  const zone = context.handsetClock?.zone ?? null;
  let owner: string | null = null;
  let open: string[] | null = null;
  const close = (): void => {
    if (open !== null) addExit(owner, open.join(' '), zone, sink);
    open = null;
  };
  let known = false;
  eachDumpLine(text, sink, ({ text: said }) => {
    const heading = /^package: ([\w.]{1,256})$/.exec(said)?.[1];
    const next = /^ApplicationExitInfo #\d/.test(said);
    if (heading !== undefined || next || said.startsWith('Historical Process Exit for ')) close();
    if (heading !== undefined) owner = heading;
    if (next) open = [];
    else if (open !== null && open.length < 20) open.push(said);
    if (heading !== undefined || next || said.startsWith('ACTIVITY MANAGER PROCESS EXIT INFO')) known = true;
  });
  close();
  if (!known) noSection(sink, text, 'ACTIVITY MANAGER PROCESS EXIT INFO');
}

function addExit(owner: string | null, said: string, zone: string | null, sink: ParseSink): void {
  const time = /\btimestamp=(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d{1,9})?)/.exec(said)?.[1] ?? '';
  const reason = /\breason=(\d{1,4}(?: \([^)]{1,64}\))?)/.exec(said)?.[1] ?? 'reason unknown';
  const value = said.replace(/\btimestamp=\S+ \S+ ?/, '').slice(0, 2000);
  const atHandset = readHandsetInstant(time, zone);
  sink.add({ kind: 'fact', topic: 'exit', package: owner, name: reason, value, atHandset });
}
