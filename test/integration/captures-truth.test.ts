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

const UNKNOWN_LINK =
  'tshark refuses the whole file because of its link type; the packets are there, so they are counted, and the link type is said';
const FUZZED = 'fuzzed content: only format and packet count are to be trusted there';

const GUESSED_HEADER =
  'after the first record the file is garbage; tshark therefore guesses a longer record header, which shifts the first packet and adds one of 1 byte from before 1970';

/** Why ours differs from tshark 4.0.17, per file and kind. An entry that is no longer needed fails the test. */
const EXPLAINED: Readonly<Record<string, Partial<Record<Kind, string>>>> = {
  'libpcap__filter__brcm-tag.pcap': { packets: UNKNOWN_LINK },
  'tcpdump__brcm-tag-prepend.pcap': { packets: UNKNOWN_LINK },
  'tcpdump__edsa-high-vid.pcap': { packets: UNKNOWN_LINK },
  'tcpdump__kday6.pcap': { packets: UNKNOWN_LINK },
  'tcpdump__vtp_asan-3.pcap': { packets: UNKNOWN_LINK },
  'suricata-verify__bug-6875-01__fuzz.pcap': {
    packets: GUESSED_HEADER,
    tcp: GUESSED_HEADER,
  },
  'nDPI__fuzz-2006-06-26-2594.pcap': { udp: FUZZED, dns: FUZZED },
  'nDPI__http2.pcapng': {
    http2: 'tshark does not look for HTTP/2 on this port; with «decode as» it shows the same request',
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
    const name = String(m.fields['name']);
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
      const reason = EXPLAINED[file]?.[kind];
      const count = agreement.get(kind);
      if (reason === undefined) {
        expect(ours, kind).toEqual(theirs);
        if (count !== undefined) count.exact++;
      } else {
        expect(ours, `${kind}: no longer different, remove the explanation`).not.toEqual(theirs);
        if (count !== undefined) count.explained++;
      }
    }
  });

  it.each(truths.filter((t) => t.readerStopsEarly).map((t) => [t.file]))('says what is wrong with %s', (file) => {
    const { summary } = collect(read(file));
    expect(summary.faults.length).toBeGreaterThan(0);
    expect(summary.faults.every((f) => f.detail.length > 10 && f.count > 0)).toBe(true);
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
