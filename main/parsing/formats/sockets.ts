import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';

/** `sl local remote st tx:rx tr:when retrnsmt uid …` (kernel, Documentation/networking/proc_net_tcp.rst). */
const row =
  /^\d{1,9}: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) \S+ \S+ [0-9A-F]{1,16} +(\d{1,10}) /;

/** include/net/tcp_states.h; UDP uses 01 and 07 only. */
const states: ReadonlyMap<string, string> = new Map([
  ['01', 'ESTABLISHED'],
  ['02', 'SYN_SENT'],
  ['03', 'SYN_RECV'],
  ['04', 'FIN_WAIT1'],
  ['05', 'FIN_WAIT2'],
  ['06', 'TIME_WAIT'],
  ['07', 'CLOSE'],
  ['08', 'CLOSE_WAIT'],
  ['09', 'LAST_ACK'],
  ['0A', 'LISTEN'],
  ['0B', 'CLOSING'],
  ['0C', 'NEW_SYN_RECV'],
]);

/** The kernel prints each 32-bit word of an address as the processor holds it: on every Android ABI the lowest byte first. */
function bytesOf(hex: string): number[] {
  const words = hex.match(/.{8}/g) ?? [];
  return words.flatMap((word) => (word.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse());
}

function addressText(hex: string): string {
  const bytes = bytesOf(hex);
  if (bytes.length === 4) return bytes.join('.');
  // An IPv4 partner of a socket that speaks both stands as ::ffff:a.b.c.d.
  if (bytes.slice(0, 12).every((byte, i) => byte === (i < 10 ? 0 : 0xff)))
    return `[::ffff:${bytes.slice(12).join('.')}]`;
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return `[${shortened(groups)}]`;
}

/** RFC 5952: the first longest run of two or more zero groups becomes `::`. */
function shortened(groups: readonly string[]): string {
  let [start, length] = [0, 0];
  for (let i = 0; i < groups.length; i += 1) {
    let end = i;
    while (groups[end] === '0') end += 1;
    if (end - i > length) [start, length] = [i, end - i];
  }
  if (length < 2) return groups.join(':');
  return `${groups.slice(0, start).join(':')}::${groups.slice(start + length).join(':')}`;
}

/** `cat /proc/net/{tcp,tcp6,udp,udp6}`: one fact a socket, of which app's user id, between which ends, in which state. */
export function parseSockets({ text, command }: FormatInput, sink: ParseSink): void {
  const table = /\/proc\/net\/(tcp6?|udp6?)\b/.exec(command)?.[1] ?? 'tcp';
  eachDumpLine(text, sink, ({ line, text: said }) => {
    if (/^sl +local_address/.test(said)) return;
    const match = row.exec(said);
    if (match === null) return sink.skip(line, said, 'not-a-socket');
    const [, local = '', localPort = '', remote = '', remotePort = '', state = '', uid = ''] = match;
    const end = (address: string, port: string): string => `${addressText(address)}:${Number.parseInt(port, 16)}`;
    const value = `${end(local, localPort)} - ${end(remote, remotePort)} ${states.get(state) ?? state}`;
    sink.add({ kind: 'fact', topic: 'socket', package: null, name: `uid ${uid}/${table}`, value, atHandset: null });
  });
}
