import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import { setHook } from '../../../main/evidence/hooks.ts';
import { beginScratchIndex } from '../../../main/evidence/index-build.ts';
import { readPointer, writePointer } from '../../../main/evidence/index-pointer.ts';
import type { IndexDigests } from '../../../main/evidence/index-digest.ts';
import type { IndexPointer } from '../../../main/evidence/index-pointer.ts';
import { openSqlite } from '../../../main/evidence/sqlite.ts';
import { indexState } from '../../../main/evidence/readers/index-state.ts';
import { draftOf, fillCase, fillIndex, flowOf, must, newCase, requestOf, temporaryFolder } from './case-fixture.ts';

let folder: string;
let directory: string;
let writer: CaseWriter;
beforeEach(() => {
  folder = temporaryFolder();
  directory = path.join(folder, 'a');
  writer = newCase(directory);
  fillCase(writer);
});
afterEach(() => {
  setHook(null);
  writer.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

function emptyFindings(file: string): void {
  const database = openSqlite(file);
  database.exec('DELETE FROM finding');
  database.close();
}

function flipByte(file: string): void {
  const bytes = fs.readFileSync(file);
  const at = bytes.length >>> 1;
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

describe('asking', () => {
  test('flows by label, run, exhibit, handset, channel, host, application and text', () => {
    const index = must(writer.openIndex());
    const ids = (filter: Parameters<typeof index.flows>[0]): readonly number[] =>
      index.flows(filter).map((flow) => flow.id);
    expect(ids({})).toEqual([1, 2, 3]);
    expect(ids({ label: 'before', run: 'R1', exhibit: 'E001', handset: 'H1', kind: 'http' })).toEqual([1, 2, 3]);
    expect(ids({ label: 'after' })).toEqual([]);
    expect(ids({ handset: 'H2' })).toEqual([]);
    expect(ids({ channel: 'tls' })).toEqual([2]);
    expect(ids({ host: 'XIAOMI' })).toEqual([1, 3]);
    expect(ids({ host: '198.51.100' })).toEqual([2]);
    expect(ids({ text: '账户' })).toEqual([2]);
    expect(ids({ text: 'serverNames' })).toEqual([]);
    expect(ids({ rule: 'no column of a flow' })).toEqual([]);
    expect(index.flow(2)).toEqual(
      flowOf(2, { channel: 'tls', serverNames: ['账户.example'], server: { address: '198.51.100.1', port: 443 } }),
    );
    expect(index.flow(9)).toBeNull();
    index.close();
  });

  test('messages by flow, kind, channel and host, with text that LIKE and JSON would take for something else', () => {
    const index = must(writer.openIndex());
    expect(index.messages()).toMatchObject([
      { id: 1, flow: 1 },
      { id: 2, flow: 3 },
    ]);
    expect(index.messages({ channel: 'tls' })).toEqual([]);
    expect(index.messages({ channel: 'cleartext', kind: 'http-request', host: 'api.' })).toHaveLength(2);
    for (const text of ['50%', '%_off', '_off\\', '0%_OFF']) {
      expect(index.messages({ text }).map((message) => message.id)).toEqual([2]);
    }
    expect(index.messages({ text: '5_%' })).toEqual([]);
    expect(index.message(2)).toMatchObject({ id: 2, uri: '/50%_off\\' });
    expect(index.message(3)).toBeNull();
    index.close();
  });

  test('records, findings, faults, visibility, facts, counts', () => {
    const index = must(writer.openIndex());
    expect(index.records({ kind: 'setting' })).toMatchObject([{ id: 1, name: 'mx_used' }]);
    expect(index.records({ text: '紅米 "1' })).toMatchObject([{ id: 2, kind: 'property' }]);
    expect(index.findings().map((finding) => finding.key)).toEqual(['aa', 'bb']);
    expect(
      index.findings({ identifier: 'I1', kind: 'imei', exhibit: 'E001', rule: 'identifier-transmitted', flow: 3 }),
    ).toHaveLength(1);
    expect(index.finding('bb')).toEqual(draftOf('bb'));
    expect(index.finding('zz')).toBeNull();
    expect(index.faults({ exhibit: 'E001' })).toEqual([
      { exhibit: 'E001', code: 'cut-in-record', offsetBytes: 99, frame: 12, count: 1, detail: 'record cut' },
    ]);
    expect(index.faults({ exhibit: 'E002' })).toEqual([]);
    expect(index.visibility()).toMatchObject([{ label: 'before', readablePercent: 90 }]);
    expect(index.meta('country-database')).toEqual({ builtAt: '2026-06-17' });
    expect(index.meta('nothing')).toBeUndefined();
    expect(index.counts()).toEqual({ record: 2, flow: 3, message: 2, finding: 2 });
    expect(index.counts({ label: 'after' })).toEqual({ record: 0, flow: 0, message: 0, finding: 0 });
    index.close();
  });

  test('sums for a chart', () => {
    const index = must(writer.openIndex());
    expect(index.trafficByRecipient()).toEqual([
      {
        label: 'before',
        recipient: 'api.account.xiaomi.com',
        channel: 'cleartext',
        flows: 2,
        packets: 34,
        bytesToServer: 1624,
        bytesToClient: 8192,
      },
      {
        label: 'before',
        recipient: '账户.example',
        channel: 'tls',
        flows: 1,
        packets: 17,
        bytesToServer: 812,
        bytesToClient: 4096,
      },
    ]);
    expect(
      index.findingsByRecipient({ label: 'before' }).map(({ representation, findings }) => [representation, findings]),
    ).toEqual([
      ['encoded', 1],
      ['plain', 1],
    ]);
    expect(index.trafficByRecipient({ label: 'after' })).toEqual([]);
    index.close();
  });

  test('search goes through everything', () => {
    const index = must(writer.openIndex());
    const found = index.search('865903020000009').map(({ table, id, exhibit, label }) => [table, id, exhibit, label]);
    expect(found).toEqual([['message', 1, 'E001', 'before']]);
    expect(index.search('API.ACCOUNT').map((match) => match.table)).toEqual([
      'flow',
      'flow',
      'message',
      'message',
      'finding',
      'finding',
    ]);
    expect(index.search('api.account', 1)).toHaveLength(3);
    index.close();
  });

  test('pages by key cover everything once, whatever their size', () => {
    const builder = must(writer.beginIndex('engine-1'));
    builder.insertFlows(Array.from({ length: 237 }, (_, index) => flowOf(index * 3 + 1)));
    builder.insertMessages(Array.from({ length: 237 }, (_, index) => requestOf(1, `/${index % 5}`)));
    builder.insertFindings(
      Array.from({ length: 237 }, (_, index) => draftOf(`k${String(index * 7919).padStart(9, '0')}`)),
    );
    must(builder.publish());
    const index = must(writer.openIndex());
    for (const limit of [1, 10, 236, 237, 1000]) {
      const seen: (number | string)[] = [];
      for (
        let page = index.flows({}, { limit });
        page.length > 0;
        page = index.flows({}, { limit, after: page.at(-1)?.id })
      ) {
        seen.push(...page.map((flow) => flow.id));
      }
      expect(seen).toEqual(index.flows().map((flow) => flow.id));
    }
    const filtered = index.messages({ text: '/3' }, { limit: 5, after: 100 });
    expect(filtered.map((message) => message.id)).toEqual([104, 109, 114, 119, 124]);
    expect(index.findings({}, { limit: 2, after: 'k000007919' }).map((finding) => finding.key)).toEqual([
      'k000015838',
      'k000023757',
    ]);
    expect(index.flows({}, { limit: 0 })).toEqual([]);
    index.close();
  });
});

describe('generations', () => {
  test('a reader keeps the old one until it reopens; old files go; the pointer says what it was built from', () => {
    const old = must(writer.openIndex());
    const builder = must(writer.beginIndex('engine-2'));
    builder.insertFlows([flowOf(7)]);
    expect(must(writer.openIndex()).flows()).toHaveLength(3);
    const pointer = must(builder.publish());
    expect(pointer).toMatchObject({
      generation: 2,
      file: 'index-2.sqlite',
      engineVersion: 'engine-2',
      schemaVersion: 2,
    });
    expect(old.flows()).toHaveLength(3);
    old.close();
    expect(
      must(writer.openIndex())
        .flows()
        .map((flow) => flow.id),
    ).toEqual([7]);
    expect(fs.readdirSync(directory).filter((name) => name.startsWith('index'))).toEqual([
      'index-2.sqlite',
      'index.json',
    ]);
    expect(readPointer(directory)).toEqual(pointer);
    expect(writer.summary().indexGeneration).toBe(2);
  });

  test('the state follows the case, the engine, and the files', () => {
    expect(writer.indexState()).toEqual({
      state: 'current',
      generation: 1,
      engineVersion: 'engine-1',
      damage: null,
    });
    expect(indexState(writer, 'engine-2').state).toBe('stale');
    must(writer.decide('aa', { verdict: 'dismiss', reason: 'a decision is no input' }));
    expect(writer.indexState().state).toBe('current');
    must(writer.addHandset({ label: 'Mi 2S', serial: null, role: 'twin' }));
    expect(writer.indexState().state).toBe('stale');
    fs.writeFileSync(path.join(directory, 'index.json'), '{}');
    expect(writer.indexState().state).toBe('damaged');
    expect(writer.openIndex()).toMatchObject({ ok: false, problem: { code: 'index-missing' } });
    fs.rmSync(path.join(directory, 'index.json'));
    expect(writer.indexState().state).toBe('missing');
  });

  test.each([
    ['emptied through SQL', (file: string) => emptyFindings(file)],
    ['cut', (file: string) => fs.truncateSync(file, 4096)],
    ['of the right size with one byte changed', (file: string) => flipByte(file)],
  ])('a file that was %s is damaged, not an answer', (_how, damage) => {
    expect(must(writer.openIndex()).findings()).toHaveLength(2);
    damage(path.join(directory, 'index-1.sqlite'));
    const { state, damage: said } = writer.indexState();
    expect(state).toBe('damaged');
    expect(said).toMatch(/^index-1\.sqlite (was changed|has \d+ bytes instead of \d+)/);
    expect(writer.openIndex()).toMatchObject({
      ok: false,
      problem: { code: 'index-missing', detail: expect.any(String) },
    });
    expect(writer.summary().indexGeneration).toBe(1);
  });

  test('a file that was hashed long ago is hashed again once its stamp is another one', () => {
    const file = path.join(directory, 'index-1.sqlite');
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3_600_000);
    try {
      const hashes = vi.spyOn(fs, 'readSync');
      expect(writer.indexState().state).toBe('current');
      const once = hashes.mock.calls.length;
      expect(once).toBeGreaterThan(0);
      expect(writer.indexState().state).toBe('current');
      expect(hashes.mock.calls.length).toBe(once);
      hashes.mockRestore();
      flipByte(file);
      expect(writer.indexState().state).toBe('damaged');
    } finally {
      clock.mockRestore();
    }
  });

  test('deleted and built again it says the same', () => {
    const first = must(writer.openIndex()).canonicalDigest();
    for (const name of fs.readdirSync(directory)) if (name.startsWith('index')) fs.rmSync(path.join(directory, name));
    expect(writer.openIndex()).toMatchObject({ ok: false, problem: { code: 'index-missing' } });
    const builder = must(writer.beginIndex('engine-1'));
    fillIndex(builder);
    const pointer = must(builder.publish());
    expect(pointer.digests).toEqual(first);
    expect(must(writer.openIndex()).canonicalDigest()).toEqual(first);
    const scratch = beginScratchIndex(writer);
    fillIndex(scratch);
    expect(scratch.digests()).toEqual(first);
  });

  test('the digest sees every value, and not the order of insertion of findings', () => {
    const digestOf = (findings: readonly ReturnType<typeof draftOf>[]): string => {
      const scratch = beginScratchIndex(writer);
      scratch.insertFindings(findings);
      return scratch.digests().finding;
    };
    const base = digestOf([draftOf('a'), draftOf('b')]);
    expect(digestOf([draftOf('b'), draftOf('a')])).toBe(base);
    expect(digestOf([draftOf('a')])).not.toBe(base);
    expect(digestOf([draftOf('a'), draftOf('b', { streamOffset: 119 })])).not.toBe(base);
  });

  test('the digest of conversations and messages is that of what was written, in whatever order conversations come', () => {
    const large = { ...flowOf(40), payloadBytes: { toServer: 5_000_000_000, toClient: 2 ** 40 } };
    const flows = [...Array.from({ length: 40 }, (_, id) => flowOf(id)), large];
    const build = (order: readonly (typeof flows)[number][]): IndexDigests => {
      const scratch = beginScratchIndex(writer);
      scratch.insertFlows(order.slice(0, 35));
      scratch.insertMessages(Array.from({ length: 33 }, (_, i) => requestOf(i, `/${i}`)));
      scratch.insertFlows(order.slice(35));
      return scratch.digests();
    };
    const inOrder = build(flows);
    const { flow, message } = build(flows.toReversed());
    expect(flow).toBe(inOrder.flow);
    expect(message).toBe(inOrder.message);
    expect(build(flows.slice(1)).flow).not.toBe(flow);
    expect(build(flows.map((one) => (one === large ? flowOf(40) : one))).flow).not.toBe(flow);
  });

  test('a message can be read again at once, before others let it be written', () => {
    const scratch = beginScratchIndex(writer);
    const ids = ['/a', '/b', '/c'].map((uri) => scratch.insertMessages([requestOf(1, uri)]));
    expect(ids.map((id) => scratch.message(id))).toMatchObject([{ uri: '/a' }, { uri: '/b' }, { uri: '/c' }]);
    expect(scratch.message(4)).toBeNull();
    expect(scratch.insertMessages([requestOf(1, '/d')])).toBe(4);
    expect(scratch.message(4)).toMatchObject({ uri: '/d' });
  });

  test('a discarded or failing build leaves the current index', () => {
    const builder = must(writer.beginIndex('engine-2'));
    builder.discard();
    for (const point of ['index.commit', 'index.rename', 'index.pointer', 'file.write-half'] as const) {
      const failing = must(writer.beginIndex('engine-2'));
      setHook((name) => {
        if (name === point) throw Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' });
      });
      expect(failing.publish()).toMatchObject({ ok: false, problem: { code: 'disk-full' } });
      setHook(null);
      expect(must(writer.openIndex()).pointer.generation).toBe(1);
    }
    must(must(writer.beginIndex('engine-2')).publish());
    expect(fs.readdirSync(directory).filter((name) => name.startsWith('index-'))).toHaveLength(1);
  });

  test('an index of another schema is not opened but built again', () => {
    const { pointer } = must(writer.openIndex());
    writePointer(directory, { ...pointer, schemaVersion: 9, newField: true } as IndexPointer);
    expect(writer.indexState().state).toBe('other-version');
    expect(writer.openIndex()).toMatchObject({ ok: false, problem: { code: 'index-missing' } });
    expect(must(must(writer.beginIndex('engine-1')).publish()).generation).toBe(pointer.generation + 1);
  });

  test('many rows cross transactions', () => {
    const builder = must(writer.beginIndex('engine-1'));
    builder.insertMessages(Array.from({ length: 120_001 }, (_, index) => requestOf(1, `/${index}`)));
    must(builder.publish());
    const index = must(writer.openIndex());
    expect(index.counts().message).toBe(120_001);
    expect(index.message(120_001)).toMatchObject({ uri: '/120000' });
    index.close();
    const database = openSqlite(path.join(directory, 'index-2.sqlite'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  });
});
