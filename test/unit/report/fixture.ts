import { createHash } from 'node:crypto';
import type { Finding } from '../../../shared/model/finding.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Identifier, IdentifierKind } from '../../../shared/model/identifier.ts';
import type { ReportFinding, ReportInput } from '../../../main/report/report-input.ts';

/** Test vectors of handbook/case-2014.md. */
export const imei = '490154203237518';
export const imsi = '466920123456789';
export const msisdn = '+886912345678';
export const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
export const founderHash = (text: string): string => createHash('sha1').update(text).digest('base64url').slice(0, 16);

export function identifier(
  id: string,
  kind: IdentifierKind,
  value: string,
  more: Partial<Identifier> = {},
): Identifier {
  return {
    id,
    handset: 'H1',
    kind,
    value,
    original: value,
    source: 'label',
    addedAt: '2014-08-07T00:00:00.000000Z',
    warnings: [],
    ...more,
  };
}

export function exhibit(id: string, more: Partial<Exhibit> = {}): Exhibit {
  return {
    id,
    originalName: `${id}.pcap`,
    sha256: sha(id),
    bytes: 1234,
    kind: 'capture',
    label: 'before',
    handset: 'H1',
    run: 'R1',
    outcome: 'read',
    packets: 10,
    fault: null,
    acquisition: null,
    collector: null,
    addedAt: '2014-08-07T00:00:00.000000Z',
    origin: { type: 'import', fileName: `${id}.pcap`, compression: null },
    ...more,
  };
}

export function finding(number: string, more: Partial<Finding> = {}): Finding {
  return {
    key: sha(number).slice(0, 32),
    number,
    rule: 'identifier-transmitted',
    ruleVersion: 1,
    severity: 'high',
    confidence: 'certain',
    statement: '',
    label: 'before',
    handset: 'H1',
    run: 'R1',
    identifier: { id: 'I1', kind: 'imei' },
    form: null,
    transform: [],
    representation: 'plain',
    channel: 'cleartext',
    contentKnownBy: 'wire',
    direction: 'to-server',
    flow: 1,
    frames: [{ exhibit: 'E001', frame: 41 }],
    exhibitSha256: sha('E001'),
    streamOffset: 118,
    filter: 'tcp.stream==4 && frame.number==41',
    field: 'deviceId',
    at: '2014-08-07T10:00:00.250000Z',
    destination: {
      address: '192.0.2.80',
      names: ['api.account.xiaomi.com'],
      country: 'CN',
      asn: null,
      holder: null,
      sources: [
        { what: 'http-host', value: 'api.account.xiaomi.com', dataAt: '2014-08-07T10:00:00.250000Z', note: null },
        { what: 'country-database', value: 'CN', dataAt: '2026-06-17T00:00:00.000Z', note: 'database' },
      ],
    },
    consent: 'before-any-act',
    decision: null,
    ...more,
  };
}

/** A finding whose context is `before`, the matched text and `after`. */
export function reportFinding(
  one: Finding,
  [before, match, after]: readonly [string, string, string],
  more: Partial<ReportFinding> = {},
): ReportFinding {
  const start = Buffer.byteLength(before);
  return {
    finding: one,
    statement: `The handset sent the handset number (IMEI) (I1), finding ${one.number}.`,
    bodyOffset: null,
    decodings: [],
    place: null,
    context: {
      base64: Buffer.from(before + match + after).toString('base64'),
      matchStart: start,
      matchEnd: start + Buffer.byteLength(match),
    },
    ...more,
  };
}

/** A small case; `more` replaces parts of it. */
export function reportInput(more: Partial<ReportInput> = {}): ReportInput {
  return {
    summary: {
      directory: '/secret/place/case.handsight',
      formatVersion: 1,
      number: 'T-1',
      title: 'A case',
      examiner: 'Examiner One',
      createdAt: '2014-08-07T09:00:00.000000Z',
      synthetic: true,
      counts: { handsets: 1, identifiers: 3, exhibits: 1, events: 1, complaints: 0, decisions: 0, custody: 1 },
      labels: ['before'],
      head: sha('head'),
      writer: { pid: 4711, host: 'workstation-seven', doing: 'reporting', since: '2014-08-07T09:00:00.000000Z' },
      indexGeneration: 1,
    },
    madeAt: '2014-08-20T01:02:03.000000Z',
    madeBy: 'Examiner One',
    program: { version: '0.1.0', sha256: sha('program') },
    intakes: [
      {
        id: 'IN1',
        handset: 'H1',
        exhibitNumber: 'NCC-7/1',
        seal: 'A 000117',
        receivedFrom: 'Complainant Twelve',
        receivedAt: '2014-08-07T08:00:00.000000Z',
        state: { lock: 'locked', power: 'on', airplane: 'off', sim: 'present', battery: 61 },
        authority: `Order of 2014-08-06 for the handset ${imei}`,
        photographs: ['E001'],
        confirmed: ['photographs', 'seal', 'authority'],
        note: null,
        recordedBy: 'Examiner One',
        recordedAt: '2014-08-07T08:05:00.000000Z',
        signed: { by: 'Supervisor Two', at: '2014-08-07T08:10:00.000000Z' },
      },
    ],
    handsets: [
      { id: 'H1', label: 'Redmi 1S', serial: 'abcdef0123456', role: 'exhibit', addedAt: '2014-08-07T00:00:00.000000Z' },
    ],
    identifiers: [identifier('I1', 'imei', imei), identifier('I2', 'imsi', imsi), identifier('I3', 'msisdn', msisdn)],
    acquisitions: [],
    exhibits: [exhibit('E001')],
    events: [],
    findings: [reportFinding(finding('F0001'), ['GET /a?deviceId=', imei, ' HTTP/1.1'])],
    comparisons: [],
    runs: [],
    claims: [],
    complaints: [],
    visibility: [],
    traffic: [],
    custody: [],
    countryData: null,
    ...more,
  };
}
