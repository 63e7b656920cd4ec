import type { FlowRow, TrafficTotal } from '../../../../shared/contract/traffic.ts';
import type { FilterTerm } from '../../../../shared/filter/parse-filter.ts';
import type { TimeBucket, TimeSummary } from '../../../../shared/filter/row-shapes.ts';
import type { Visibility } from '../../../../shared/model/comparison.ts';
import type { Exhibit } from '../../../../shared/model/exhibit.ts';
import type { Channel, Message } from '../../../../shared/model/traffic.ts';
import { at, labels, sha256 } from './fixture-case.ts';

interface Host {
  readonly name: string;
  readonly address: string;
  readonly channel: Channel;
  readonly application: string;
  readonly port: number;
  readonly bytes: number;
}

const hosts: readonly Host[] = [
  {
    name: 'api.account.xiaomi.com',
    address: '42.62.48.17',
    channel: 'cleartext',
    application: 'http',
    port: 80,
    bytes: 5400,
  },
  { name: 'account.xiaomi.com', address: '42.62.48.20', channel: 'tls', application: 'tls', port: 443, bytes: 9100 },
  {
    name: 'policy.app.xiaomi.com',
    address: '42.62.48.33',
    channel: 'cleartext',
    application: 'http',
    port: 80,
    bytes: 12800,
  },
  {
    name: 'www.umeng.com',
    address: '211.151.139.10',
    channel: 'cleartext',
    application: 'http',
    port: 80,
    bytes: 3100,
  },
  {
    name: 'play.googleapis.com',
    address: '74.125.203.95',
    channel: 'tls',
    application: 'tls',
    port: 443,
    bytes: 21500,
  },
  { name: 'mtalk.google.com', address: '74.125.203.188', channel: 'tls', application: 'tls', port: 5228, bytes: 2300 },
  { name: 'time.android.com', address: '216.239.35.0', channel: 'unknown', application: 'ntp', port: 123, bytes: 480 },
  {
    name: 'weather.example.tw',
    address: '203.66.32.5',
    channel: 'cleartext',
    application: 'http',
    port: 80,
    bytes: 15400,
  },
  { name: 'edge.example.net', address: '151.101.1.69', channel: 'quic', application: 'quic', port: 443, bytes: 8800 },
];

export const flows: readonly FlowRow[] = Array.from({ length: 1240 }, (_, id) => flowAt(id, 1240));

/** The `id`-th of so many: made when it is asked for, so that there may be millions. */
export function flowAt(id: number, count: number): FlowRow {
  const host = hosts[(id * 7 + (id >> 3)) % hosts.length] ?? hosts[0];
  if (host === undefined) throw new Error('no hosts');
  const label = labels[Math.floor((id / count) * labels.length)] ?? 'before';
  return {
    id,
    exhibit: `E10${labels.indexOf(label) + 1}`,
    label,
    transport: host.application === 'ntp' || host.channel === 'quic' ? 'udp' : 'tcp',
    client: { address: '192.168.43.71', port: 40000 + (id % 20000) },
    server: { address: host.address, port: host.port },
    serverNames: id % 31 === 0 ? [] : [host.name],
    application: host.application,
    channel: host.channel,
    firstPacketAt: at(id / 12),
    lastPacketAt: at(id / 12 + 0.2),
    packets: { toServer: 4 + (id % 9), toClient: 3 + (id % 11) },
    payloadBytes: { toServer: host.bytes + (id % 700), toClient: 300 + host.bytes * (id % 5) },
    app: null,
    streamIndex: id,
    incomplete: id % 97 === 5 ? ['tcp-gap'] : [],
    findings: host.name === 'api.account.xiaomi.com' && label !== 'after-reset' ? 1 + (id % 3) : 0,
    country: host.name.endsWith('xiaomi.com') ? 'CN' : null,
  };
}

/** Some of the filter language: enough for the window's own tests; the language itself has its own. */
export function passes(flow: FlowRow, terms: readonly FilterTerm[]): boolean {
  return terms.every(({ key, values, negated }) => {
    const has = values.some((value) => {
      if (key === 'label') return flow.label === value;
      if (key === 'channel') return flow.channel === value;
      if (key === 'country') return (flow.country ?? 'none') === value;
      if (key === 'has') return flow.findings > 0;
      const hosts = [...flow.serverNames, flow.server.address];
      return value.startsWith('=')
        ? hosts.includes(value.slice(1))
        : JSON.stringify(flow).toLowerCase().includes(value.toLowerCase());
    });
    return has !== negated;
  });
}

export function timelineOf(rows: readonly FlowRow[]): TimeSummary | null {
  const us = ({ firstPacketAt }: FlowRow): number => Date.parse(firstPacketAt) * 1000;
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  const bucketUs = 60_000_000;
  const fromUs = Math.floor(us(first) / bucketUs) * bucketUs;
  const buckets = new Map<string, TimeBucket>();
  for (const row of rows) {
    const at = Math.floor(us(row) / bucketUs) * bucketUs;
    const known = buckets.get(`${at} ${row.label}`);
    buckets.set(`${at} ${row.label}`, {
      fromUs: at,
      label: row.label,
      flows: (known?.flows ?? 0) + 1,
      packets: (known?.packets ?? 0) + row.packets.toServer + row.packets.toClient,
      bytes: (known?.bytes ?? 0) + row.payloadBytes.toServer + row.payloadBytes.toClient,
    });
  }
  const toUs = (Math.floor(us(last) / bucketUs) + 1) * bucketUs - 1;
  return { fromUs, toUs, bucketUs, buckets: [...buckets.values()], hits: [{ fromUs, hits: 3 }] };
}

export function messagesOf(flow: FlowRow): readonly Message[] {
  const base = { flow: flow.id, exhibit: flow.exhibit, at: flow.firstPacketAt };
  if (flow.channel === 'tls' || flow.channel === 'quic') {
    return [
      {
        ...base,
        kind: 'tls-client-hello',
        frame: 77,
        serverName: flow.serverNames[0] ?? null,
        version: '1.2',
        alpn: ['h2', 'http/1.1'],
      },
      {
        ...base,
        kind: 'tls-server-hello',
        frame: 79,
        version: '1.2',
        alpn: 'h2',
        cipher: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256',
      },
    ];
  }
  return [
    {
      ...base,
      kind: 'http-request',
      frame: 41,
      method: 'GET',
      host: flow.serverNames[0] ?? flow.server.address,
      uri: '/pass/user@id?type=MXPH&externalId=+886987654321&imei=490154203237518',
      bodyBytes: 0,
      contentType: null,
    },
    { ...base, kind: 'http-response', frame: 44, status: 200, bodyBytes: 812, contentType: 'application/json' },
  ];
}

export const totals: readonly TrafficTotal[] = labels.flatMap((label) =>
  hosts.map((host, index) => {
    const mine = flows.filter((flow) => flow.label === label && flow.server.address === host.address);
    const isAccount = host.name === 'api.account.xiaomi.com';
    return {
      label,
      recipient: host.name,
      channel: isAccount && label === 'after-reset' ? 'tls' : host.channel,
      flows: mine.length,
      bytesToServer:
        mine.reduce((sum, flow) => sum + flow.payloadBytes.toServer, 0) >> (label === 'after-reset' ? 2 : 0),
      bytesToClient: mine.reduce((sum, flow) => sum + flow.payloadBytes.toClient, 0),
      findings: index === 0 ? mine.length : 0,
    };
  }),
);

export const visibility: readonly Visibility[] = labels.map((label, index) => ({
  label,
  captures: [`E10${index + 1}`],
  minutes: 58 + index * 7,
  payloadBytes: 2_400_000,
  readableBytes: 1_500_000,
  readablePercent: 62.5 - index * 4.2,
  canaries: index === 4 ? 'start-only' : 'both',
  gaps: index === 4 ? ['The capture ends inside a packet; packets before it were read.'] : [],
}));

const commands = [
  'getprop',
  'settings list system',
  'settings list secure',
  'pm list packages',
  'dumpsys package',
  'dumpsys dropbox --print',
];

export const exhibits: readonly Exhibit[] = Array.from({ length: 127 }, (_, index) => {
  const id = `E${String(index + 1).padStart(3, '0')}`;
  const isCapture = index >= 100 && index < 105;
  const command = commands[index % commands.length] ?? 'getprop';
  const stream = index % 4 === 3 ? 'stderr' : 'merged';
  return {
    id,
    originalName: isCapture
      ? `gateway-${labels[index - 100] ?? 'before'}.pcap.gz`
      : `${command.replaceAll(' ', '_')}.txt`,
    sha256: sha256(id),
    bytes: isCapture ? 2_412_000 + index : 4096 * (1 + (index % 9)),
    kind: isCapture ? 'capture' : 'command-output',
    label: labels[isCapture ? index - 100 : Math.floor(index / 26)] ?? 'before',
    handset: 'H1',
    run: isCapture ? 'R1' : null,
    outcome: index === 9 ? 'refused' : index === 17 ? 'absent' : index === 104 ? 'interrupted' : 'read',
    packets: isCapture ? 5120 + index : null,
    fault: index === 104 ? 'The capture is cut inside packet 5224; 5223 packets before it were read.' : null,
    acquisition: isCapture ? null : 'A1',
    collector: isCapture ? null : 'properties',
    addedAt: at(index),
    origin: isCapture
      ? { type: 'import', fileName: `gateway-${index}.pcap.gz`, compression: 'gzip' }
      : {
          type: 'command',
          command,
          stream,
          protocol: 'shell-v1',
          exitStatus: null,
          startedAt: at(index),
          endedAt: at(index + 0.02),
          problem: null,
        },
  };
});
