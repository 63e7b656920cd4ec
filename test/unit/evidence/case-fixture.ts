import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createCase, openCaseForReading, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import type { NewIntake } from '../../../main/evidence/case-types.ts';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import type { ExhibitFinal, ExhibitMeta } from '../../../main/evidence/incoming.ts';
import type { CaseReader } from '../../../main/evidence/readers/case-reader.ts';
import type { IndexBuilder } from '../../../main/evidence/index-builder.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import type { Result } from '../../../shared/model/problem.ts';

/** A fresh folder for one test; the caller removes it. */
export function temporaryFolder(): string {
  return fs.mkdtempSync(path.join(os.tmpdir(), 'handsight-evidence-'));
}

export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

/** A clock that ticks a millisecond a call, so that cases are the same every time. */
export function tickingClock(): () => string {
  let ms = Date.parse('2014-08-07T10:00:00Z');
  return () => {
    ms += 1;
    return new Date(ms).toISOString().replace(/Z$/, '000Z');
  };
}

export function newCase(directory: string): CaseWriter {
  const info = { number: '103-1', title: 'Handset reports home', examiner: 'Lin', synthetic: true };
  return must(createCase(directory, info, { now: tickingClock() }));
}

export function write(directory: string): CaseWriter {
  return must(openCaseForWriting(directory, 'testing', { now: tickingClock() }));
}

export function read(directory: string): CaseReader {
  return must(openCaseForReading(directory));
}

export function fileMeta(over: Partial<ExhibitMeta> = {}): ExhibitMeta {
  return {
    originalName: 'notes.txt',
    kind: 'file',
    label: 'before',
    handset: 'H1',
    run: 'R1',
    acquisition: null,
    collector: null,
    origin: { type: 'import', fileName: 'notes.txt', compression: null },
    ...over,
  };
}

export const readFinal: ExhibitFinal = { outcome: 'read', packets: null, fault: null };

/** A case with a row in every table but `intake_signature` (a second person's), three exhibits (two with the same content), and a published index. */
export function fillCase(writer: CaseWriter): void {
  must(writer.addHandset({ label: 'Redmi 1S', serial: 'serial-f00d', role: 'exhibit' }));
  const imei = { handset: 'H1', kind: 'imei', value: '865903020000009', original: '865903 02 000000 9' } as const;
  must(writer.addIdentifier({ ...imei, source: 'label', warnings: [] }));
  must(writer.addIdentifier({ ...imei, source: '*#06#', warnings: ['luhn'] }));
  must(writer.addProtocol({ id: 'P1', name: 'stimuli', version: 1, steps: [{ text: 'SMS' }] }));
  must(writer.addRun({ id: 'R1', protocol: 'P1', handset: 'H1', label: 'before', note: null }));
  must(writer.addEvent(consentAct));
  const acquisition = must(
    writer.beginAcquisition({ handset: 'H1', label: 'before', run: 'R1', profile: 'quick', serial: 'serial-f00d' }),
  );
  const meta = fileMeta({ acquisition: acquisition.id, kind: 'capture' });
  must(writer.storeExhibit(Buffer.from('first output\n'.repeat(40)), meta, readFinal));
  must(writer.storeExhibit(Buffer.from('second output\n'.repeat(40)), meta, readFinal));
  must(writer.storeExhibit(Buffer.from('first output\n'.repeat(40)), meta, readFinal));
  must(writer.joinCaptures(['E001', 'E002']));
  const change = must(
    writer.beginChange({
      handset: 'H1',
      serial: 'serial-f00d',
      act: acquisition.id,
      command: 'screencap -p /data/local/tmp/handsight-0123456789ab.png',
      reason: 'screenshot',
      undo: [{ type: 'remove-file', path: '/data/local/tmp/handsight-0123456789ab.png' }],
      identity: {
        hardwareSerial: 'f00d1234',
        androidId: null,
        fingerprint: 'Xiaomi/armani/armani:4.3/JLS36C/1:user/release-keys',
      },
    }),
  );
  must(writer.endChange(change, { outcome: 'left', why: 'OFFLINE' }));
  must(writer.endChange(change, { outcome: 'undone', why: null }));
  must(writer.endAcquisition(acquisition.id, { outcome: 'complete', detail: null }));
  must(writer.addIntake(newIntake));
  must(writer.addComplaint(complaint));
  must(writer.addClaim({ id: 'C7', text: 'off by default', statedAt: null, source: null, predicates: { all: [] } }));
  must(writer.allotNumbers(['bb', 'aa']));
  must(writer.decide('aa', { verdict: 'confirm', reason: 'seen in the capture' }));
  const builder = must(writer.beginIndex('engine-1'));
  fillIndex(builder);
  must(builder.publish());
}

export const newIntake: NewIntake = {
  handset: 'H1',
  exhibitNumber: '103-1/1',
  seal: 'A 000117',
  receivedFrom: 'complainant 12',
  receivedAt: '2014-08-07T09:00:00.000000Z',
  state: { lock: 'locked', power: 'on', airplane: 'off', sim: 'present', battery: 61 },
  authority: 'order of 2014-08-06',
  photographs: [],
  confirmed: ['seal', 'changes'],
  note: null,
};

const consentAct = {
  run: 'R1',
  label: 'before',
  handset: 'H1',
  kind: 'consent-act',
  at: '2014-08-07T10:05:00.000000Z',
  atHandset: null,
  text: 'Service switched on',
  source: 'examiner',
} as const;
const complaint = {
  handset: 'H1',
  text: '瀏覽器一開就當掉',
  receivedAt: '2014-08-08T00:00:00.000000Z',
  from: 'Chen',
  package: 'com.android.browser',
  labelBefore: 'before',
  labelAfter: 'after',
  symptom: 'closes' as const,
};

export function flowOf(id: number, over: Partial<Flow> = {}): Flow {
  return {
    id,
    exhibit: 'E001',
    label: 'before',
    transport: 'tcp',
    client: { address: '10.0.0.5', port: 40000 + id },
    server: { address: '203.0.113.7', port: 80 },
    serverNames: ['api.account.xiaomi.com'],
    application: 'http',
    channel: 'cleartext',
    firstPacketAt: '2014-08-07T10:00:00.000000Z',
    lastPacketAt: '2014-08-07T10:00:01.000000Z',
    packets: { toServer: 9, toClient: 8 },
    payloadBytes: { toServer: 812, toClient: 4096 },
    app: null,
    streamIndex: id - 1,
    incomplete: [],
    ...over,
  };
}

export function requestOf(flow: number, uri: string): Message {
  return {
    flow,
    exhibit: 'E001',
    at: '2014-08-07T10:00:00.000000Z',
    frame: 41,
    kind: 'http-request',
    method: 'GET',
    host: 'api.account.xiaomi.com',
    uri,
    bodyBytes: 0,
    contentType: null,
  };
}

export function draftOf(key: string, over: Partial<FindingDraft> = {}): FindingDraft {
  return {
    key,
    rule: 'identifier-transmitted',
    ruleVersion: 1,
    severity: 'high',
    confidence: 'certain',
    statement: 'IMEI in clear',
    label: 'before',
    handset: 'H1',
    run: 'R1',
    identifier: { id: 'I1', kind: 'imei' },
    transform: [],
    representation: 'plain',
    channel: 'cleartext',
    contentKnownBy: 'wire',
    direction: 'to-server',
    flow: 1,
    frames: [{ exhibit: 'E001', frame: 41 }],
    exhibitSha256: '0'.repeat(64),
    streamOffset: 118,
    filter: 'tcp.stream==0 && frame.number==41',
    field: 'uri',
    at: '2014-08-07T10:00:00.000000Z',
    destination: {
      address: '203.0.113.7',
      names: ['api.account.xiaomi.com'],
      country: 'CN',
      asn: null,
      holder: null,
      sources: [],
    },
    consent: 'before-any-act',
    bodyOffset: null,
    context: null,
    ...over,
  };
}

export function fillIndex(builder: IndexBuilder): void {
  builder.insertMeta('country-database', { builtAt: '2026-06-17' });
  builder.insertRecords([
    {
      kind: 'setting',
      namespace: 'system',
      name: 'mx_used',
      value: '1',
      label: 'before',
      handset: 'H1',
      run: 'R1',
      exhibit: 'E001',
    },
    {
      kind: 'property',
      name: 'ro.product',
      value: '紅米 "1S"',
      label: 'before',
      handset: 'H1',
      run: 'R1',
      exhibit: 'E002',
    },
  ]);
  builder.insertFlows([
    flowOf(1),
    flowOf(2, { channel: 'tls', serverNames: ['账户.example'], server: { address: '198.51.100.1', port: 443 } }),
    flowOf(3),
  ]);
  builder.insertMessages([requestOf(1, '/pass?imei=865903020000009'), requestOf(3, '/50%_off\\')]);
  builder.insertFindings([draftOf('bb'), draftOf('aa', { representation: 'encoded', flow: 3 })]);
  builder.insertFaults([
    { exhibit: 'E001', code: 'cut-in-record', offsetBytes: 99, frame: 12, count: 1, detail: 'record cut' },
  ]);
  builder.insertVisibility([
    {
      label: 'before',
      captures: ['E001'],
      minutes: 12,
      payloadBytes: 1000,
      readableBytes: 900,
      readablePercent: 90,
      canaries: 'both',
      gaps: [],
    },
  ]);
}

/** Path → SHA-256 of everything in a folder, directories too: equal before and after means that no byte changed. */
export function hashTree(folder: string): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of fs.readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    const name = path.relative(folder, file);
    found[name] = entry.isDirectory() ? 'directory' : createHash('sha256').update(fs.readFileSync(file)).digest('hex');
  }
  return found;
}
