import { readLog } from '../persona/log-script.ts';
import type { LogEntry } from '../persona/log-script.ts';
import { complain, say } from '../shell/command.ts';
import type { CommandContext, CommandTable } from '../shell/command.ts';

interface LogRequest {
  readonly dump: boolean;
  readonly format: string;
  readonly modifiers: ReadonlySet<string>;
  readonly buffers: readonly string[];
  readonly last: number | null;
  readonly binary: boolean;
  readonly filters: readonly string[];
}

const oldBuffers = ['main', 'system', 'radio', 'events'];
const newBuffers = ['main', 'system', 'radio', 'events', 'crash', 'kernel'];
const formats = ['brief', 'process', 'tag', 'thread', 'raw', 'time', 'threadtime', 'long'];
const modifierNames = [
  'year',
  'zone',
  'UTC',
  'uid',
  'usec',
  'nsec',
  'epoch',
  'monotonic',
  'descriptive',
  'printable',
  'color',
];
const levels = ['V', 'D', 'I', 'W', 'E', 'F', 'S'];

interface Words {
  readonly values: ReadonlyMap<string, readonly string[]>;
  readonly flags: ReadonlySet<string>;
  readonly filters: readonly string[];
}

function split(args: readonly string[]): Words {
  const values = new Map<string, string[]>();
  const flags = new Set<string>();
  const filters: string[] = [];
  for (let i = 0; i < args.length; i += 1) {
    const arg = args[i] ?? '';
    const joined = /^-([bvtTG])(.+)$/.exec(arg);
    const name = joined?.[1] ?? (/^-[bvtTG]$/.test(arg) ? arg[1] : undefined);
    if (name !== undefined) values.set(name, [...(values.get(name) ?? []), joined?.[2] ?? args[++i] ?? '']);
    else if (arg.startsWith('-')) flags.add(arg);
    else filters.push(arg);
  }
  return { values, flags, filters };
}

/** A request, or what this release says against it. */
function readRequest(args: readonly string[], release: number): LogRequest | string {
  const { values, flags, filters } = split(args);
  const modern = release >= 700;
  let format = 'brief';
  if (modern) format = 'threadtime';
  const modifiers = new Set<string>();
  for (const word of (values.get('v') ?? []).flatMap((each) => each.split(/[ ,]/))) {
    if (formats.includes(word)) format = word;
    else if (modern && modifierNames.includes(word)) modifiers.add(word);
    else return `Invalid parameter to -v\n`;
  }
  const known = release < 500 ? oldBuffers : newBuffers;
  const buffers: string[] = [];
  for (const name of (values.get('b') ?? []).flatMap((each) => (modern ? each.split(',') : [each]))) {
    if (name === 'all' && release >= 500) buffers.push(...known.filter((each) => each !== 'kernel'));
    else if (name === 'default' && release >= 500) buffers.push('main', 'system', 'crash');
    else if (known.includes(name)) buffers.push(name);
    else if (release < 500) return `Unable to open log device '/dev/log/${name}': No such file or directory\n`;
    else return `unknown buffer ${name}\n`;
  }
  const last = values.get('t')?.at(-1);
  return {
    dump: flags.has('-d') || last !== undefined,
    format,
    modifiers,
    buffers: buffers.length > 0 ? [...new Set(buffers)] : ['main', 'system', ...(modern ? ['crash'] : [])],
    last: last === undefined || !/^\d+$/.test(last) ? null : Number(last),
    binary: flags.has('-B'),
    filters,
  };
}

function stamp(ms: number, request: LogRequest, zoneMinutes: number): string {
  const utc = request.modifiers.has('UTC');
  const local = new Date(ms + (utc ? 0 : zoneMinutes * 60_000)).toISOString();
  const fraction = request.modifiers.has('nsec') ? '000000' : request.modifiers.has('usec') ? '000' : '';
  if (request.modifiers.has('epoch'))
    return `${String(Math.floor(ms / 1000)).padStart(19)}.${local.slice(20, 23)}${fraction}`;
  const date = request.modifiers.has('year') ? local.slice(0, 10) : local.slice(5, 10);
  const zone = utc ? ' +0000' : ` +${String(zoneMinutes / 60).padStart(2, '0')}00`;
  return `${date} ${local.slice(11, 23)}${fraction}${request.modifiers.has('zone') ? zone : ''}`;
}

function wording(entry: LogEntry, request: LogRequest, zoneMinutes: number): string {
  const at = stamp(entry.ms, request, zoneMinutes);
  const tag = entry.tag.padEnd(8);
  const pid = String(entry.pid).padStart(5);
  const tid = String(entry.tid).padStart(5);
  const uid = request.modifiers.has('uid') ? `${String(entry.uid).padStart(5)} ` : '';
  switch (request.format) {
    case 'threadtime':
      return `${at} ${uid}${pid} ${tid} ${entry.level} ${tag}: ${entry.message}\n`;
    case 'time':
      return `${at} ${entry.level}/${tag}(${uid}${pid}): ${entry.message}\n`;
    case 'raw':
      return `${entry.message}\n`;
    case 'long':
      return `[ ${at} ${uid}${pid}:${tid} ${entry.level}/${tag} ]\n${entry.message}\n\n`;
    case 'tag':
      return `${entry.level}/${tag}: ${entry.message}\n`;
    case 'process':
      return `${entry.level}(${pid}) ${entry.message}  (${entry.tag})\n`;
    case 'thread':
      return `${entry.level}(${pid}:${tid}) ${entry.message}\n`;
    default:
      return `${entry.level}/${tag}(${pid}): ${entry.message}\n`;
  }
}

const bufferIds: Record<string, number> = { main: 0, radio: 1, events: 2, system: 3, crash: 4 };
const priorities: Record<string, number> = { V: 2, D: 3, I: 4, W: 5, E: 6, F: 7 };

/** One `logger_entry` as `logcat -B` gives it: v1 (20 bytes) on old releases, v4 (28 bytes: log id and uid) from 7. */
function binaryEntry(entry: LogEntry, release: number): Buffer {
  const payload = Buffer.concat([
    Buffer.from([priorities[entry.level] ?? 4]),
    Buffer.from(`${entry.tag}\0${entry.message}\0`),
  ]);
  const head = Buffer.alloc(release < 700 ? 20 : 28);
  head.writeUInt16LE(payload.length, 0);
  head.writeUInt16LE(release < 700 ? 0 : head.length, 2);
  head.writeInt32LE(entry.pid, 4);
  head.writeInt32LE(entry.tid, 8);
  head.writeInt32LE(Math.floor(entry.ms / 1000), 12);
  head.writeInt32LE((entry.ms % 1000) * 1_000_000, 16);
  if (release >= 700) {
    head.writeUInt32LE(bufferIds[entry.buffer] ?? 0, 20);
    head.writeUInt32LE(entry.uid, 24);
  }
  return Buffer.concat([head, payload]);
}

/** `TAG:LEVEL` and `*:LEVEL` filters. */
function passes(entry: LogEntry, filters: readonly string[]): boolean {
  let least = 'V';
  for (const filter of filters) {
    const [tag = '', level = 'V'] = filter.split(':');
    if (tag === '*' || tag === entry.tag) least = level.toUpperCase();
    if (tag === entry.tag) break;
  }
  return least !== 'S' && levels.indexOf(entry.level) >= levels.indexOf(least);
}

function title(buffer: string, release: number): string {
  return release < 500 ? `--------- beginning of /dev/log/${buffer}\n` : `--------- beginning of ${buffer}\n`;
}

/** `logcat`: without `-d` it stays open after what is there. */
async function logcat({ args, device, io }: CommandContext): Promise<number> {
  const { release } = device;
  if (args.includes('-c')) return say(io, '');
  if (args.includes('-g'))
    return say(io, 'main: ring buffer is 256Kb (64Kb consumed), max entry is 5120b, max payload is 4076b\n');
  const request = readRequest(args, release);
  if (typeof request === 'string') return complain(io, request, release < 700 ? 255 : 1);
  const lines = readLog(device).filter(
    (entry) => request.buffers.includes(entry.buffer) && passes(entry, request.filters),
  );
  const chosen = request.last === null ? lines : lines.slice(-request.last);
  const begun = new Set<string>();
  let batch: Buffer[] = [];
  for (const [index, entry] of chosen.entries()) {
    const isNew = !begun.has(entry.buffer) && (release >= 500 || request.buffers.length > 1);
    begun.add(entry.buffer);
    const head = isNew && !request.binary ? title(entry.buffer, release) : '';
    const text = `${head}${wording(entry, request, device.world.zoneOffsetMinutes)}`;
    batch.push(request.binary ? binaryEntry(entry, release) : Buffer.from(text));
    if (batch.length < 32 && index < chosen.length - 1) continue;
    if (!(await io.out(Buffer.concat(batch)))) return 0;
    batch = [];
  }
  if (!request.dump) await new Promise<void>((resolve) => io.onGone(resolve));
  return 0;
}

export const logcatCommand: CommandTable = { logcat };
