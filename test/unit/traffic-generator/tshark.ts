import { spawnSync } from 'node:child_process';

// From the system's packages, not one of ours.
const program = 'tshark';

/** Whether Wireshark's own reader is here; tests that need it say so when they are skipped. */
export const hasTshark = spawnSync(program, ['--version']).status === 0;
export const withoutTshark = hasTshark ? '' : ' (skipped: tshark is not installed)';

const checked = ['ip.check_checksum', 'tcp.check_checksum', 'udp.check_checksum'].flatMap((name) => [
  '-o',
  `${name}:TRUE`,
]);

/** What tshark prints about a capture, names of addresses and ports left as numbers. */
export function tshark(path: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, ['-n', '-r', path, ...checked, ...args], {
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`tshark: ${stderr}`);
  return stdout;
}

const wrongChecksums = ['ip', 'tcp', 'udp', 'icmp', 'icmpv6'].map((name) => `${name}.checksum.status`);
const columns = [
  'frame.number',
  'frame.time_epoch',
  '_ws.malformed',
  'tcp.stream',
  'tcp.seq',
  'tcp.payload',
  'tcp.port',
  'tcp.analysis.retransmission',
  'tcp.analysis.out_of_order',
  'ip.dst',
  'http.host',
  'http.request.uri',
  'dns.qry.name',
  'tls.handshake.extensions_server_name',
  'tls.handshake.version',
  'x509ce.dNSName',
  ...wrongChecksums,
] as const;
export type SeenPacket = Readonly<Record<string, string>>;

/** Every packet as tshark reads it, in its order; a field that is not there is an empty text. */
export function packetsOf(path: string): SeenPacket[] {
  const asked = columns.flatMap((field) => ['-e', field]);
  return tshark(path, ['-T', 'fields', ...asked])
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const cells = line.split('\t');
      return Object.fromEntries(columns.map((name, index) => [name, cells[index] ?? '']));
    });
}

/** What tshark finds wrong with a packet: malformed, or a checksum of status 0 (bad). */
export function isWrong(packet: SeenPacket): boolean {
  return (
    packet['_ws.malformed'] !== '' || wrongChecksums.some((name) => packet[name]?.split(',').includes('0') === true)
  );
}

export interface FollowedStream {
  readonly 'to-server': Buffer;
  readonly 'to-client': Buffer;
}

/** Both directions of TCP conversations, put together by tshark (`follow,tcp,raw`). */
export function follow(path: string, streams: readonly number[]): Map<number, FollowedStream> {
  const text = tshark(path, ['-q', ...streams.flatMap((stream) => ['-z', `follow,tcp,raw,${stream}`])]);
  const found = new Map<number, FollowedStream>();
  for (const section of text.split('Follow: tcp,raw').slice(1)) {
    const stream = Number(/tcp\.stream eq (\d+)/.exec(section)?.[1]);
    const lines = section.split('\n').filter((line) => /^\t?[0-9a-f]+$/.test(line));
    const join = (wanted: readonly string[]): Buffer => Buffer.from(wanted.map((line) => line.trim()).join(''), 'hex');
    found.set(stream, {
      'to-server': join(lines.filter((line) => !line.startsWith('\t'))),
      'to-client': join(lines.filter((line) => line.startsWith('\t'))),
    });
  }
  return found;
}

/** An IPv6 address in its 32 digits; an IPv4 one as it is. */
function expanded(address: string): string {
  if (!address.includes(':')) return address;
  const [left = '', right = ''] = address.split('::');
  const groups = (text: string): string[] =>
    text === '' ? [] : text.split(':').map((group) => group.padStart(4, '0'));
  const missing = 8 - groups(left).length - groups(right).length;
  return [...groups(left), ...Array.from({ length: missing }, () => '0000'), ...groups(right)].join('');
}

/** `transport end end` (ends in alphabetical order) → packets, as tshark counts conversations. */
export function conversations(path: string): Map<string, number> {
  const counted = new Map<string, number>();
  let transport = '';
  for (const line of tshark(path, ['-q', '-z', 'conv,tcp', '-z', 'conv,udp']).split('\n')) {
    transport = /^(TCP|UDP) Conversations/.exec(line)?.[1]?.toLowerCase() ?? transport;
    const match = /^(\S+)\s+<->\s+(\S+)\s+\d+ \d+ \S+\s+\d+ \d+ \S+\s+(\d+) /.exec(line.replaceAll(/,(?=\d)/g, ''));
    if (match === null) continue;
    const ends = [match[1] ?? '', match[2] ?? ''].map((end) => {
      const colon = end.lastIndexOf(':');
      return `${expanded(end.slice(0, colon))}:${end.slice(colon + 1)}`;
    });
    counted.set(conversationKey(transport, ends[0] ?? '', ends[1] ?? ''), Number(match[3]));
  }
  return counted;
}

export function conversationKey(transport: string, one: string, other: string): string {
  return [transport, ...[one, other].toSorted()].join(' ');
}
