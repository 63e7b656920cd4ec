// Rows of a made-up case for the benchmark of questions: as many as asked for, the same every time.
import type { FindingDraft } from '../../shared/model/finding.ts';
import type { Flow, Message } from '../../shared/model/traffic.ts';

/** A small generator of the MINSTD kind (Park and Miller 1988): the same numbers everywhere. */
export function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return Math.floor((state / 2_147_483_647) * below);
  };
}

const exhibits = ['E001', 'E002', 'E003', 'E004'];
export const benchExhibits = exhibits.map((id, i) => ({
  id,
  label: i < 2 ? 'before' : 'after',
  handset: 'H1',
  run: `R${i + 1}`,
  kind: 'capture' as const,
}));

const beginsMs = Date.UTC(2014, 7, 7, 10);
const at = (n: number): string => {
  const ms = Math.floor(n * 0.7);
  return `${new Date(beginsMs + ms).toISOString().slice(0, -1)}${String(n % 1000).padStart(3, '0')}Z`;
};

/** 20,000 hosts in 400 domains, some asked for far more often than others, and one that is rare. */
function hostOf(n: number, any: (below: number) => number): string {
  if (n % 100_003 === 7) return 'rare.api.account.xiaomi.com';
  const host = Math.floor((any(20_000) * any(20_000)) / 20_000);
  return `s${host}.service-${host % 400}.example.${host % 3 === 0 ? 'com' : host % 3 === 1 ? 'cn' : 'net'}`;
}

const address = (host: string): string => {
  let hash = 7;
  for (let i = 0; i < host.length; i += 1) hash = (hash * 31 + host.charCodeAt(i)) >>> 0;
  return `${1 + (hash % 220)}.${(hash >>> 8) & 255}.${(hash >>> 16) & 255}.${(hash >>> 24) & 255}`;
};

export interface SceneRow {
  readonly flow: Flow;
  readonly messages: readonly Message[];
  readonly finding: FindingDraft | null;
}

/** DNS, TLS and HTTP as a handset mixes them: 40, 45 and 15 of a hundred; every 250th conversation holds a hit. */
export function* sceneRows(count: number): Generator<SceneRow> {
  const any = numbers(20140807);
  for (let n = 0; n < count; n += 1) {
    const exhibit = exhibits[Math.floor((n / count) * exhibits.length)] ?? 'E001';
    const kind = any(100);
    const host = hostOf(n, any);
    const application = kind < 40 ? 'dns' : kind < 85 ? 'tls' : 'http';
    const base = { flow: n, exhibit, at: at(n), frame: n * 9 + 1 };
    const dns = application === 'dns';
    const flow: Flow = {
      id: n,
      exhibit,
      label: n < count / 2 ? 'before' : 'after',
      transport: dns ? 'udp' : 'tcp',
      client: { address: '192.168.1.23', port: 32_768 + (n % 28_000) },
      server: { address: dns ? '192.168.1.1' : address(host), port: dns ? 53 : application === 'tls' ? 443 : 80 },
      serverNames: dns ? [] : [host],
      application,
      channel: application === 'tls' ? 'tls' : 'cleartext',
      firstPacketAt: at(n),
      lastPacketAt: at(n + 40),
      packets: { toServer: 3 + any(40), toClient: 3 + any(60) },
      payloadBytes: { toServer: 60 + any(3000), toClient: 100 + any(60_000) },
      app: null,
      streamIndex: n,
      incomplete: [],
    };
    const uri = `/v${any(4)}/track/${any(500)}?device=${any(1_000_000_000)}&session=${n.toString(36)}`;
    const messages: Message[] = dns
      ? [
          { ...base, kind: 'dns-query', name: host, type: 'A' },
          { ...base, kind: 'dns-answer', name: host, type: 'A', answers: [address(host)] },
        ]
      : application === 'tls'
        ? [{ ...base, kind: 'tls-client-hello', serverName: host, version: '1.2', alpn: ['h2', 'http/1.1'] }]
        : [
            { ...base, kind: 'http-request', method: 'GET', host, uri, bodyBytes: 0, contentType: null },
            { ...base, kind: 'http-response', status: 200, bodyBytes: any(60_000), contentType: 'application/json' },
          ];
    yield { flow, messages, finding: n % 250 === 3 ? findingOf(n, flow) : null };
  }
}

function findingOf(n: number, flow: Flow): FindingDraft {
  const imei = n % 3 === 0;
  return {
    key: `k${String((n * 2_654_435_761) % 4_294_967_296).padStart(10, '0')}-${n}`,
    rule: 'identifier-transmitted',
    ruleVersion: 1,
    severity: imei ? 'high' : 'medium',
    confidence: 'certain',
    statement: 'bench',
    label: flow.label,
    handset: 'H1',
    run: null,
    identifier: imei ? { id: 'I1', kind: 'imei' } : { id: 'I2', kind: 'android-id' },
    transform: imei ? [] : ['sha1', 'hex'],
    representation: imei ? 'plain' : 'pseudonymised',
    channel: flow.channel,
    contentKnownBy: 'wire',
    direction: 'to-server',
    flow: flow.id,
    frames: [{ exhibit: flow.exhibit, frame: n * 9 + 1 }],
    exhibitSha256: '00',
    streamOffset: 4,
    filter: null,
    field: null,
    at: flow.firstPacketAt,
    destination: null,
    consent: 'before-any-act',
    bodyOffset: null,
    context: null,
  };
}
