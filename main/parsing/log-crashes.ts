import type { LogLine } from './log-line.ts';
import type { ParseSink } from './parse-result.ts';

interface OpenCrash {
  readonly atHandset: string | null;
  process: string | null;
  exception: string | null;
  summary: string | null;
}

const maxProcesses = 20_000;
const exceptionLine = /^([\w.$]+(?:Exception|Error|Throwable|Death)[\w$]*)(?::\s*(.*))?$/;

/** Reads crashes out of log lines: `FATAL EXCEPTION` blocks of AndroidRuntime, `am_crash` and `am_anr` of the events buffer. */
export function makeCrashReader(sink: ParseSink): { line(line: LogLine, atHandset: string | null): void; end(): void } {
  const open = new Map<number, OpenCrash>();
  /** 4.3 prints no `Process:` line: the pid is looked up among the processes whose start the log tells. */
  const processes = new Map<number, string>();
  const close = (pid: number): void => {
    const crash = open.get(pid);
    open.delete(pid);
    if (crash) addCrash(crash, crash.process ?? processes.get(pid) ?? null, 'logcat:FATAL EXCEPTION', sink);
  };
  return {
    line(line, atHandset) {
      noteProcess(line, processes);
      if (line.tag === 'am_crash' || line.tag === 'am_anr') addFromEvents(line, atHandset, sink);
      const pid = line.pid;
      if (line.tag !== 'AndroidRuntime' || pid === null) return;
      if (line.message.startsWith('FATAL EXCEPTION')) {
        close(pid);
        if (open.size < 1000) open.set(pid, { atHandset, process: null, exception: null, summary: null });
        return;
      }
      const crash = open.get(pid);
      if (crash) readBlockLine(crash, line.message);
    },
    end() {
      for (const pid of Array.from(open.keys())) close(pid);
    },
  };
}

/** `Start proc com.x for activity com.x/.Main: pid=123 uid=…` (till 5), `Start proc 123:com.x/u0a1 for …` (since). */
function noteProcess(line: LogLine, processes: Map<number, string>): void {
  if (line.tag !== 'ActivityManager' || processes.size >= maxProcesses) return;
  const old = /^Start proc (\S+) for .*\bpid=(\d+)/.exec(line.message);
  const fresh = old ? null : /^Start proc (\d+):([^/\s]+)\//.exec(line.message);
  if (old) processes.set(Number(old[2]), old[1] ?? '');
  else if (fresh) processes.set(Number(fresh[1]), fresh[2] ?? '');
}

function readBlockLine(crash: OpenCrash, message: string): void {
  const process = /^(?:Process|PROCESS): ([^,\s]+)/.exec(message)?.[1];
  if (process !== undefined) crash.process = process;
  else if (crash.exception === null) {
    const match = exceptionLine.exec(message.slice(0, 500).trim());
    if (match) {
      crash.exception = match[1] ?? null;
      crash.summary = message.trim();
    }
  }
}

function addCrash(crash: OpenCrash, process: string | null, tag: string, sink: ParseSink): void {
  sink.add({
    kind: 'crash',
    package: process === null ? null : (process.split(':', 1)[0] ?? null),
    process,
    tag,
    atHandset: crash.atHandset,
    exception: crash.exception,
    summary: (crash.summary ?? crash.exception ?? tag).slice(0, 2000),
  });
}

/** `[user,pid,process,flags,exception,message,file,line]`; without the user before 4.2. `am_anr`: `[user,pid,process,flags,reason]`. */
function addFromEvents(line: LogLine, atHandset: string | null, sink: ParseSink): void {
  const parts = line.message.replace(/^\[|\]$/g, '').split(',');
  const at = /^\d+$/.test(parts[1] ?? '') ? 2 : 1;
  const process = parts[at]?.trim();
  if (process === undefined || process === '') return;
  const rest = parts.slice(at + 2);
  const isAnr = line.tag === 'am_anr';
  const exception = isAnr ? 'ANR' : (rest[0]?.trim() ?? null);
  const crash = { atHandset, process, exception, summary: rest.join(', ').trim() };
  addCrash(crash, process, line.tag, sink);
}
