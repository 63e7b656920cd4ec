import type { Device } from './device.ts';

/** One line of the handset's log. */
export interface LogEntry {
  readonly ms: number;
  readonly buffer: string;
  readonly uid: number;
  readonly pid: number;
  readonly tid: number;
  readonly level: string;
  readonly tag: string;
  readonly message: string;
}

const linePattern = /^(\S+) \| (\w+) (\d+) (\d+) ([VDIWEFA]) ([^|]+?) \| (.*)$/;
const every = /^every:(\d+(?:\.\d+)?):([^:]+(?::[a-z-]+)?[+-]?[\d.]*)$/;

function moments(device: Device, when: string): number[] {
  const repeated = every.exec(when);
  if (repeated === null) {
    const ms = device.moments.resolve(when);
    return ms === null ? [] : [ms];
  }
  const step = Number(repeated[1]) * 1000;
  const first = device.moments.resolve(repeated[2] ?? 'boot');
  const result: number[] = [];
  // 2000 repetitions are more than any scripted day has.
  for (let at = first ?? Infinity; at < device.nowMs() && result.length < 2000; at += step) result.push(at);
  return result;
}

/**
 * Reads the files below `log/`: `MOMENT | BUFFER PID TID LEVEL TAG | message`, `every:SECONDS:MOMENT` for what repeats; `#` begins a
 * comment. A line whose moment this run does not have is not in its log. What lies after now has not happened yet.
 */
export function readLog(device: Device): readonly LogEntry[] {
  const entries: LogEntry[] = [];
  for (const name of device.folder.names('log')) {
    const raw = device.folder.text(`log/${name}`) ?? '';
    for (const line of device.fillLines(raw)) {
      if (line === '' || line.startsWith('#')) continue;
      const match = linePattern.exec(line);
      if (match === null) throw new Error(`${device.persona.id}/log/${name}: cannot read «${line}»`);
      const [, when = '', buffer = '', pid = '', tid = '', level = '', tag = '', message = ''] = match;
      for (const ms of moments(device, when)) {
        entries.push({ ms, buffer, uid: 1000, pid: Number(pid), tid: Number(tid), level, tag, message });
      }
    }
  }
  const now = device.nowMs();
  return entries.filter(({ ms }) => ms <= now).sort((a, b) => a.ms - b.ms);
}
