import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { collect } from '../unit/dissection/collector.ts';

const DATA = process.env['HANDSIGHT_REAL_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const FOLDER = join(DATA, 'captures');
const PRESENT = existsSync(join(FOLDER, 'truth.json'));

type Kind = 'packets' | 'tcp' | 'udp' | 'http' | 'http2' | 'dns' | 'sni';
const KINDS: readonly Kind[] = ['packets', 'tcp', 'udp', 'http', 'http2', 'dns', 'sni'];

interface Truth {
  readonly file: string;
  readonly readerStopsEarly: boolean;
  readonly truth: {
    readonly packets: number;
    readonly tcp_conversations: number;
    readonly udp_conversations: number;
    readonly http_requests?: readonly (readonly [number, string, string, string])[];
    readonly http2_requests?: readonly (readonly [number, string, string, string])[];
    readonly dns_queries?: Readonly<Record<string, number>>;
    readonly sni_unique: readonly string[];
  };
}

interface Explained {
  /** What ours gives, exactly (of lists, what differs): an explained difference may not drift into another one. */
  readonly ours: unknown;
  readonly because: string;
  /** A second program that is asked where it is installed, and the figure it gives too. */
  readonly witness?: Witness;
}

const UNKNOWN_LINK =
  'tshark refuses the whole file because of its link type; the packets are there (tcpdump counts them too), so they are counted, and the link type is said';
const GUESSED_HEADER =
  'after the first record the file is garbage; tshark guesses from it that records have a longer header (Kuznetzov), which shifts the first packet and makes one of 1 byte from before 1970; tcpdump reads one packet with a TCP header of length 0 and stops at the same place as ours';
const DAMAGED_NAMES =
  'nine names with a length byte that no label can have: tshark words them «<Unknown extended label>», ours says that the message is malformed and makes up no name';

type Witness = 'tcpdump' | 'conv,udp';

/** Packets that tcpdump reads from a file, or UDP conversations in tshark's own table; null where it is not installed. */
const WITNESSES: Readonly<Record<Witness, (path: string) => number | null>> = {
  tcpdump: (path) => lines('tcpdump', ['-nn', '-t', '-r', path], (line) => !line.startsWith('\t')),
  'conv,udp': (path) => lines('tshark', ['-n', '-r', path, '-q', '-z', 'conv,udp'], (line) => line.includes('<->')),
};

function lines(program: string, args: readonly string[], counts: (line: string) => boolean): number | null {
  const { error, stdout } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  return error === undefined ? stdout.split('\n').filter((line) => line !== '' && counts(line)).length : null;
}

function refused(packets: number): Partial<Record<Kind, Explained>> {
  return { packets: { ours: packets, because: UNKNOWN_LINK, witness: 'tcpdump' } };
}

/** Why ours differs from tshark 4.0.17, per file and kind. An entry that is no longer needed fails the test. */
const EXPLAINED: Readonly<Record<string, Partial<Record<Kind, Explained>>>> = {
  'libpcap__filter__brcm-tag.pcap': refused(15),
  'tcpdump__brcm-tag-prepend.pcap': refused(15),
  'tcpdump__edsa-high-vid.pcap': refused(4),
  'tcpdump__kday6.pcap': refused(1),
  'tcpdump__vtp_asan-3.pcap': refused(1),
  'suricata-verify__bug-6875-01__fuzz.pcap': {
    packets: { ours: 1, because: GUESSED_HEADER, witness: 'tcpdump' },
    tcp: { ours: 1, because: GUESSED_HEADER, witness: 'tcpdump' },
  },
  'nDPI__fuzz-2006-06-26-2594.pcap': {
    udp: {
      ours: 221,
      because:
        'the truth counts values of the field udp.stream, which two conversations lack (their datagrams are malformed); tshark -z conv,udp counts them',
      witness: 'conv,udp',
    },
    dns: { ours: { ours: [], tshark: [['<Unknown extended label>', 9]] }, because: DAMAGED_NAMES },
  },
  'nDPI__http2.pcapng': {
    http2: {
      ours: { ours: [[2, 'POST', '127.0.0.1:29518', '/namf-comm/v1/subscriptions']], tshark: [] },
      because: 'tshark does not look for HTTP/2 on this port; with «decode as» it shows the same request',
    },
  },
};

const agreement = new Map<Kind, { exact: number; explained: number }>(
  KINDS.map((k) => [k, { exact: 0, explained: 0 }]),
);

function read(file: string): Buffer {
  const bytes = readFileSync(join(FOLDER, file));
  return bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync(bytes) : bytes;
}

function sorted(record: Readonly<Record<string, number>>): [string, number][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Bytes of a name that are no ASCII are U+FFFD in tshark's output, control characters are escaped as in C. */
function asTsharkWrites(name: string): string {
  const control = (c: string): string =>
    c === '\r' ? String.raw`\r` : `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`;
  return name.replace(/[^\0-\x7e]/g, '\ufffd').replace(/[\0-\x1f]/g, control);
}

/** Of two lists, what is in the first alone and what in the second alone; of two values, the first. */
function withoutCommon(ours: unknown, theirs: unknown): unknown {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return ours;
  const [a, b] = [ours, theirs].map((list) => list.map((one) => JSON.stringify(one)));
  const only = (list: unknown[], other: string[] | undefined): unknown[] =>
    list.filter((one) => !(other ?? []).includes(JSON.stringify(one)));
  return { ours: only(ours, b), tshark: only(theirs, a) };
}

function compare(file: string, truth: Truth['truth']): Record<Kind, [ours: unknown, theirs: unknown]> {
  const { summary, messages } = collect(read(file), { blockBytes: 1 << 20 });
  const complete = messages.filter((m) => m.fields['incomplete'] !== true);
  const requests = (version: string | undefined): unknown[][] =>
    complete
      .filter((m) => m.kind === 'http-request' && m.fields['version'] === version)
      .map((m) => [m.frame, m.fields['method'], m.fields['host'] ?? '', m.fields['uri']]);
  const queries: Record<string, number> = {};
  for (const m of messages) {
    if (m.kind !== 'dns-query') continue;
    const name = asTsharkWrites(String(m.fields['name']));
    queries[name] = (queries[name] ?? 0) + 1;
  }
  const names = messages
    // What tshark's field counts: hellos of TLS, not those of Google's own making (Q050).
    .filter((m) => m.kind === 'tls-client-hello' || (m.kind === 'quic-client-hello' && 'cipherSuites' in m.fields))
    .map((m) => m.fields['serverName']);
  return {
    packets: [summary.packets, truth.packets],
    tcp: [summary.tcpFlows, truth.tcp_conversations],
    udp: [summary.udpFlows, truth.udp_conversations],
    http: [requests(undefined), truth.http_requests ?? []],
    http2: [requests('2'), truth.http2_requests ?? []],
    dns: [sorted(queries), sorted(truth.dns_queries ?? {})],
    sni: [[...new Set(names.filter((n) => typeof n === 'string'))].sort(), [...truth.sni_unique].sort()],
  };
}

describe.skipIf(!PRESENT)('captures nobody here wrote, against what tshark says of them', () => {
  const truths = PRESENT ? (JSON.parse(readFileSync(join(FOLDER, 'truth.json'), 'utf8')) as Truth[]) : [];

  it('has all of them', () => {
    expect(truths).toHaveLength(97);
  });

  it.each(truths.map((t) => [t.file, t] as const))('%s', (file, { truth }) => {
    const pairs = compare(file, truth);
    for (const kind of KINDS) {
      const [ours, theirs] = pairs[kind];
      const explained = EXPLAINED[file]?.[kind];
      const count = agreement.get(kind);
      if (explained === undefined) {
        expect(ours, kind).toEqual(theirs);
        if (count !== undefined) count.exact++;
        continue;
      }
      expect(ours, `${kind}: no longer different, remove the explanation`).not.toEqual(theirs);
      expect(withoutCommon(ours, theirs), `${kind}: ${explained.because}`).toEqual(explained.ours);
      if (count !== undefined) count.explained++;
    }
  });

  it.each(truths.filter((t) => t.readerStopsEarly).map((t) => [t.file]))('says what is wrong with %s', (file) => {
    const { summary } = collect(read(file));
    expect(summary.faults.length).toBeGreaterThan(0);
    expect(summary.faults.every((f) => f.detail.length > 10 && f.count > 0)).toBe(true);
  });

  const witnessed = Object.entries(EXPLAINED).flatMap(([file, kinds]) =>
    Object.entries(kinds).flatMap(([kind, one]) => (one.witness === undefined ? [] : [[file, kind, one] as const])),
  );
  it.each(witnessed)('is right about %s (%s), as a second program says', (file, _kind, { ours, witness }) => {
    const seen = witness === undefined ? null : WITNESSES[witness](join(FOLDER, file));
    // Not installed: what it said when the explanation was written stands there.
    if (seen !== null) expect(seen).toBe(ours);
  });

  afterAll(() => {
    const lines = [...agreement].map(
      ([k, n]) => `${k}: ${n.exact} of ${truths.length} files exact, ${n.explained} explained`,
    );
    process.stdout.write(`agreement with tshark 4.0.17\n  ${lines.join('\n  ')}\n`);
  });
});

if (!PRESENT) {
  it.skip(`captures nobody here wrote: none in ${FOLDER} (set HANDSIGHT_REAL_DATA)`, () => undefined);
}
