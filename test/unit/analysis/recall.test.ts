import { describe, expect, it } from 'vitest';
import type { IdentifierKind } from '../../../shared/model/identifier.ts';
import { makeFindings } from '../../../main/analysis/detectors/make-findings.ts';
import { createSearcher, type Hit } from '../../../main/analysis/search/searcher.ts';
import { binaryFormsOf } from '../../../main/analysis/transforms/binary-forms.ts';
import { compilePatterns, minLiteralBytes } from '../../../main/analysis/transforms/compile-patterns.ts';
import { normalFormsOf } from '../../../main/analysis/transforms/normal-forms.ts';
import type { PatternSet } from '../../../main/analysis/transforms/pattern-set.ts';
import { createDissector } from '../../../main/dissection/dissector.ts';
import type { DissectedFlow } from '../../../main/dissection/sink.ts';
import { captureOfExchanges, type Exchange } from './exchanges.ts';
import { samples } from './feeding.ts';
import { androidId, joinedWritings, model, ownWritings, packageName, places, writings, type Place } from './plants.ts';

const full = process.env['HANDSIGHT_TIER'] === 'full';

const subjects: readonly { readonly kind: IdentifierKind; readonly value: string }[] = [
  ...samples.filter((s) => s.kind !== 'advertising-id'),
  // Values whose base64 and digests have every character; others than the samples of these kinds.
  { kind: 'advertising-id', value: '7d8b1a4e-3f5c-4c2e-9a61-0b2f4d6e8a9c' },
  { kind: 'meid', value: 'a1000012345678' },
  { kind: 'bluetooth-mac', value: '64:09:80:0a:2b:3d' },
  { kind: 'bssid', value: 'c4:6e:1f:5a:07:b2' },
  { kind: 'account', value: 'mi-user-88123' },
  { kind: 'cell-id', value: '466-92-12041-88123' },
  { kind: 'location', value: '25.033964,121.564468' },
  { kind: 'custom', value: 'Exhibit 7/2014 +A' },
];

const joinable = new Set<IdentifierKind>([
  'imei',
  'meid',
  'imsi',
  'iccid',
  'msisdn',
  'serial',
  'wifi-mac',
  'bluetooth-mac',
  'advertising-id',
  'email',
  'account',
]);

function setOf(subject: { readonly kind: IdentifierKind; readonly value: string }): PatternSet {
  const sources = [{ id: 'I1', handset: 'H1', ...subject }];
  if (subject.kind !== 'android-id') sources.push({ id: 'I2', handset: 'H1', kind: 'android-id', value: androidId });
  return compilePatterns(sources, undefined, [
    { what: 'model', value: model, handset: 'H1' },
    { what: 'package', value: packageName, handset: 'H1' },
  ]);
}

/** What is planted of one identifier: every writing of its canonical text (of every text in the full tier), and every form plainly. */
function plantsOf(kind: IdentifierKind, value: string): { readonly name: string; readonly bytes: Buffer }[] {
  const plants: { name: string; bytes: Buffer }[] = [];
  const contact = kind === 'contact-msisdn' || kind === 'contact-name';
  for (const form of normalFormsOf(kind, value)) {
    for (const [i, text] of form.texts.entries()) {
      const thorough = (form.form === null && i === 0) || (full && form.rank === 0 && !form.digestOnly);
      const list = thorough
        ? [
            ...writings,
            ...(contact ? [] : ownWritings),
            ...(joinable.has(kind) && form.form === null && i === 0 ? joinedWritings : []),
          ]
        : writings.filter(({ name }) => (form.digestOnly ? name === 'md5 hex' && i < 3 : name === 'plain'));
      for (const writing of list) {
        const bytes = writing.write(text);
        if (bytes !== null) plants.push({ name: `${form.form ?? 'canonical'} ${text}: ${writing.name}`, bytes });
      }
    }
  }
  for (const { steps, bytes, inHex } of binaryFormsOf(kind, value)) {
    if (bytes.length < minLiteralBytes) continue;
    plants.push({ name: steps.join(), bytes: Buffer.from(bytes) });
    if (inHex) plants.push({ name: `${steps.join()} in hex`, bytes: Buffer.from(Buffer.from(bytes).toString('hex')) });
  }
  return plants;
}

/** Connections in one capture. */
const atOnce = 200;

/** Findings of each flow: identifier's kind and path. */
function searchThrough(set: PatternSet, exchanges: readonly Exchange[]): string[][] {
  const hits: Hit[] = [];
  const flows: DissectedFlow[] = [];
  const searcher = createSearcher(set, (hit) => hits.push(hit));
  const { run, endSequence, horizon } = searcher;
  const dissector = createDissector(
    { run, endSequence, message: () => undefined, flow: (flow) => flows.push(flow) },
    { horizon },
  );
  dissector.push(captureOfExchanges(exchanges));
  dissector.finish();
  searcher.finish();
  // By chance a token decodes to something with an escape in it, three layers deep: nothing of ours is there.
  expect(searcher.stats().capsBitten.filter(({ cap }) => !full || cap !== 'cap-depth')).toEqual([]);
  const found: string[][] = exchanges.map(() => []);
  const findings = makeFindings({
    patterns: set,
    exhibits: [{ id: 'E001', sha256: '0'.repeat(64), label: 'before', handset: 'H1', run: null }],
    flows: flows.map((flow) => ({
      id: flow.index,
      exhibit: 'E001',
      label: 'before',
      transport: flow.transport,
      client: { address: flow.clientAddress, port: flow.clientPort },
      server: { address: flow.serverAddress, port: flow.serverPort },
      serverNames: flow.serverNames,
      application: flow.application,
      channel: flow.channel,
      firstPacketAt: new Date(flow.firstUs / 1000).toISOString(),
      lastPacketAt: new Date(flow.lastUs / 1000).toISOString(),
      packets: { toServer: flow.packets[0], toClient: flow.packets[1] },
      payloadBytes: { toServer: flow.payloadBytes[0], toClient: flow.payloadBytes[1] },
      app: null,
      streamIndex: flow.streamIndex,
      incomplete: flow.incomplete,
    })),
    messages: [],
    hits: hits.map((hit) => ({ hit, exhibit: 'E001', flow: hit.flow, message: null })),
    events: [],
    records: [],
    bytesSearched: new Map([['E001', searcher.stats().bytesSearched]]),
    countries: null,
  });
  for (const finding of findings)
    found[finding.flow ?? 0]?.push(`${finding.identifier?.kind ?? ''} ${finding.transform.join('>')}`);
  return found;
}

function lost(kind: IdentifierKind, value: string, set: PatternSet, place: Place): string[] {
  const planted = plantsOf(kind, value).flatMap(({ name, bytes }) => {
    const exchange = place.plant(bytes);
    return exchange === null ? [] : [{ name, exchange }];
  });
  expect(planted.length).toBeGreaterThan(20);
  const exchanges = planted.map(({ exchange }) => exchange);
  // More compressed bodies at once than are collected would be a cap, which is another matter.
  const found: string[][] = [];
  for (let at = 0; at < exchanges.length; at += atOnce)
    found.push(...searchThrough(set, exchanges.slice(at, at + atOnce)));
  return planted.flatMap(({ name }, i) => {
    const here = found[i] ?? [];
    // A digest of two identifiers counts for one of them.
    const own = here[0]?.startsWith(`${kind} `) === true || here[0]?.includes(`{${kind}}`) === true;
    return here.length === 1 && own ? [] : [`${name} → [${here.join('; ')}]`];
  });
}

describe('every writing of every kind, through dissection, is found exactly once', () => {
  for (const { kind, value } of subjects) {
    const set = setOf({ kind, value });
    it.each(places.map((place) => [place.name, place] as const))(`${kind} in %s`, (_, place) => {
      expect(lost(kind, value, set, place)).toEqual([]);
    });
  }
});
