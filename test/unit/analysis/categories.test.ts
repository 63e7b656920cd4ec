import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { dataCategories, type FindingDraft } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import { categories, categorySeedsOf } from '../../../main/analysis/categories/categories.ts';
import { statementOf } from '../../../main/analysis/statements/statement.ts';
import type { Origin } from '../../../main/dissection/sink.ts';
import { createSearcher } from '../../../main/analysis/search/searcher.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { probeLiterals } from '../../../main/analysis/transforms/field-probe.ts';
import { captureOfExchanges, type Exchange } from './exchanges.ts';
import { findingsIn } from './findings-of-capture.ts';

const place = { label: 'before', handset: 'H1', run: null, exhibit: 'E002' };
const property = (name: string, value: string): SnapshotRecord => ({ kind: 'property', name, value, ...place });
const packageOf = (name: string): SnapshotRecord => ({
  kind: 'package',
  name,
  state: 'enabled',
  system: true,
  versionName: null,
  versionCode: null,
  installer: null,
  path: null,
  uid: null,
  firstInstallTime: null,
  lastUpdateTime: null,
  stopped: null,
  ...place,
});

const packages = [
  ...Array.from({ length: 400 }, (_, i) => `com.example.program${String(i).padStart(3, '0')}`),
  'android',
  'com.miui.home',
];
const records: readonly SnapshotRecord[] = [
  ...packages.map(packageOf),
  property('ro.product.model', 'HM 1SW'),
  property('ro.build.version.incremental', 'JHBTWBE32.0'),
  property('gsm.operator.alpha', '中華電信,Taiwan Mobile'),
  { kind: 'silent-sms', atHandset: null, destination: null, text: 'MX/abcdefghijklmnop/abcdefghijklmnop/1', ...place },
];
const seeds = records.flatMap((record) => categorySeedsOf(record));
const contacts = ['+886987654321', '+886911222333', '+886922333444'].map((value, i) => ({
  id: `C${i}`,
  handset: 'H1',
  kind: 'contact-msisdn' as const,
  value,
}));
const set = compilePatterns(
  [...contacts, { id: 'I1', handset: 'H1', kind: 'imei', value: '490154203237518' }],
  undefined,
  [],
  { seeds, probes: true },
);

const get = (target: string, ...headers: string[]): Exchange => ({
  parts: [Buffer.from([`GET ${target} HTTP/1.1`, 'Host: h.example', ...headers, '', ''].join('\r\n'))],
});
const post = (body: string | Buffer, ...headers: string[]): Exchange => {
  const bytes = Buffer.from(body);
  const head = ['POST /report HTTP/1.1', 'Host: h.example', ...headers, `Content-Length: ${bytes.length}`, '', ''];
  return { parts: [Buffer.concat([Buffer.from(head.join('\r\n')), bytes])] };
};
const told = (...exchanges: Exchange[]): FindingDraft[] => findingsIn(captureOfExchanges(exchanges), set);
const named = (findings: readonly FindingDraft[]): string[] =>
  findings
    .filter(({ rule }) => rule.startsWith('category-'))
    .map(({ category, confidence }) => `${category?.name ?? ''} ${category?.values ?? 0} ${confidence}`);
const list = (count: number): string => packages.slice(0, count).join('","');

describe('data categories', () => {
  it('are those of the model, each once, with a source', () => {
    expect(categories.map(({ name }) => name)).toEqual([...dataCategories]);
    for (const { source, seedsOf, probes, kinds } of categories) {
      expect(source.length).toBeGreaterThan(10);
      expect(seedsOf ?? probes ?? kinds).toBeDefined();
      for (const probe of probes ?? []) expect(probeLiterals(probe).length).toBeGreaterThan(0);
    }
  });

  it('cost little of what may be searched for', () => {
    const alone = compilePatterns(contacts).counts.literals;
    const { literals } = compilePatterns(contacts, undefined, [], { seeds, probes: true }).counts;
    expect(literals - alone).toBeGreaterThan(400);
    expect(literals - alone).toBeLessThan(2000);
  });

  it.each<[string, Exchange, string[]]>([
    ['a list of packages', post(`{"apps":["${list(400)}"]}`), ['installed-apps 400 certain']],
    [
      'a list in a form',
      post(
        `p=${encodeURIComponent(
          packages
            .slice(0, 30)
            .map((name) => `${name}|12`)
            .join(),
        )}`,
      ),
      ['installed-apps 30 certain'],
    ],
    ['a list in lines', post(JSON.stringify(packages.slice(0, 30).join('\n'))), ['installed-apps 30 certain']],
    [
      'names in names',
      post(
        packages
          .slice(0, 30)
          .map((name) => `${name}x a${name}`)
          .join(),
      ),
      [],
    ],
    ['a short list', post(`["${list(6)}"]`), ['installed-apps 6 probable']],
    ['a few names', post(`["${list(4)}"]`), []],
    ['a list in gzip', post(gzipSync(`["${list(40)}"]`), 'Content-Encoding: gzip'), ['installed-apps 40 certain']],
    [
      'a list in br',
      post(brotliCompressSync(`["${list(40)}"]`), 'Content-Encoding: br'),
      ['installed-apps 40 certain'],
    ],
    [
      'a list in base64 of gzip',
      post(`d=${gzipSync(`["${list(40)}"]`).toString('base64')}`),
      ['installed-apps 40 certain'],
    ],
    [
      'their digests',
      post(JSON.stringify(packages.slice(0, 20).map((name) => createHash('md5').update(name).digest('hex')))),
      ['installed-apps 20 certain'],
    ],
    [
      'names that only begin alike',
      post(
        packages
          .slice(0, 30)
          .map((name) => `${name}.provider`)
          .join(),
      ),
      [],
    ],
    ['operator, as the handset shows it', get(`/x?carrier=${encodeURIComponent('中華電信')}`), ['carrier 1 certain']],
    ['operator in JSON escapes', post('{"op":"\\u4e2d\\u83ef\\u96fb\\u4fe1"}'), ['carrier 1 certain']],
    ['number of the operator', post('{"simOperator":"46692"}'), ['carrier 1 possible']],
    ['a number that is of no operator', post('{"simOperator":"99992"}'), []],
    [
      'model and build',
      get('/x', 'User-Agent: Dalvik/1.6.0 (Linux; U; Android 4.3; HM 1SW Build/JHBTWBE32.0)'),
      ['model-and-build 2 probable'],
    ],
    ['short model in a form', get('/x?model=HM+1SW&v=1'), ['model-and-build 1 probable']],
    ['Wi-Fi network', post('{"bssid":"c4:6e:1f:5a:07:b2","ssid":"somebody at home"}'), ['network 2 possible']],
    ['no Wi-Fi network', post('{"bssid":"02:00:00:00:00:00","ssid":"<unknown ssid>"}'), []],
    ['cell', post('cell_id=12041881&lac=3021'), ['cell 1 possible']],
    ['cell in JSON', post('{"lac":30211,"x":1}'), ['cell 1 possible']],
    ['position', post('{"lat":25.033964,"lng":121.564468}'), ['coordinates 2 possible']],
    ['position in a form', post('latitude=25.033964&longitude=-121.564468'), ['coordinates 2 possible']],
    ['a whole degree', post('{"latitude":25,"longitude":0.0000}'), []],
    ['a flat', post('{"flat":"25.033964"}'), []],
    ['address book', post(`["0987654321","0911222333","0922333444"]`), ['contacts 3 certain']],
    ['two contacts', post(`["0987654321","0911222333"]`), []],
    ['text of a message', post('body=MX/abcdefghijklmnop/abcdefghijklmnop/1'), ['sms-text 1 certain']],
    ['times of use', post('{"pkg":"a.b.c","last_time_used":1407405600000}'), ['usage-times 1 possible']],
  ])('%s', (_, exchange, expected) => {
    expect(named(told(exchange))).toEqual(expected);
  });

  it('are told once a recipient, with the conversations counted, and without values or bytes', () => {
    const findings = told(get('/a?carrier=Taiwan%20Mobile'), get('/b?carrier=Taiwan+Mobile'), get('/c'));
    const [finding, ...more] = findings.filter(({ rule }) => rule === 'category-carrier');
    if (finding === undefined) throw new Error('nothing found');
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      severity: 'low',
      channel: 'cleartext',
      direction: 'to-server',
      identifier: null,
      context: null,
      frames: [{ exhibit: 'E001', frame: 4 }],
      category: { name: 'carrier', values: 1, conversations: 2, recipients: 1 },
    });
    for (const lang of ['en', 'zh-Hant'] as const) expect(statementOf(finding, lang)).not.toContain('Taiwan');
    expect(statementOf(finding, 'en')).toContain('2 conversations');
  });

  it('that every request holds are told once a capture', () => {
    const request = (host: string): Exchange => ({
      parts: [Buffer.from(`GET / HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: X (HM 1SW)\r\n\r\n`)],
    });
    const found = told(request('a.example'), request('b.example'), request('b.example'));
    const [finding, ...more] = found.filter(({ rule }) => rule === 'category-model-and-build');
    expect(more).toEqual([]);
    expect(finding?.category).toEqual({ name: 'model-and-build', values: 1, conversations: 3, recipients: 2 });
    expect(finding?.statement).toContain('3 conversations with 2 recipients');
  });

  it('of another handset are not laid to this one', () => {
    const others = compilePatterns([], undefined, [], {
      seeds: seeds.map((seed) => ({ ...seed, handset: 'H2' })),
      probes: false,
    });
    expect(named(findingsIn(captureOfExchanges([post(`["${list(40)}"]`)]), others))).toEqual([]);
  });
});

describe('values that nobody listed, wherever they stand', () => {
  const proposed = (...exchanges: Exchange[]): string[] =>
    told(...exchanges)
      .filter(({ rule }) => rule === 'identifier-proposed')
      .map(
        ({ form, field, transform, confidence }) => `${form ?? ''} ${field ?? ''} ${transform.join('>')} ${confidence}`,
      );
  const imei = '356938035643809';
  it.each<[string, Exchange, string[]]>([
    ['form', post(`a=1&imei=${imei}&b=2`), ['unlisted-imei imei  possible']],
    ['form that begins with it', post(`imei=${imei}`), ['unlisted-imei imei  possible']],
    ['JSON', post(`{"deviceImei":"${imei}"}`), ['unlisted-imei deviceImei  possible']],
    ['JSON number', post(`{"imei": ${imei}, "b":1}`), ['unlisted-imei imei  possible']],
    ['JSON in JSON', post(`{"d":"{\\"imei\\":\\"${imei}\\"}"}`), ['unlisted-imei imei  possible']],
    ['header', get('/', `X-IMEI: ${imei}`), ['unlisted-imei X-IMEI  possible']],
    ['cookie', get('/', `Cookie: a=b; imei=${imei}; c=d`), ['unlisted-imei imei  possible']],
    ['XML', post(`<d><imei>${imei}</imei></d>`), ['unlisted-imei imei  possible']],
    [
      'multipart',
      post(`--b\r\nContent-Disposition: form-data; name="imei"\r\n\r\n${imei}\r\n--b--\r\n`),
      ['unlisted-imei imei  possible'],
    ],
    ['gzip', post(gzipSync(`{"imei":"${imei}"}`), 'Content-Encoding: gzip'), ['unlisted-imei imei  possible']],
    [
      'base64 of JSON',
      post(`d=${Buffer.from(`{"model":"x","imei":"${imei}"}`).toString('base64')}`),
      ['unlisted-imei imei base64 possible'],
    ],
    ['IMSI', post('imsi=466920123456789&x=1'), ['unlisted-imsi imsi  possible']],
    ['telephone number', post('{"phone":"+886912345678"}'), ['unlisted-msisdn phone  possible']],
    ['telephone number in a form', post('phone=%2B886912345678'), ['unlisted-msisdn phone  possible']],
    ['hardware address', post('mac=64:09:80:1a:2b:3c'), ['unlisted-wifi-mac mac  possible']],
    ['wrong check digit', post('imei=356938035643808'), []],
    ['another name', post(`order=${imei}`), []],
    ['no reporting body', post('imei=206938035643803'), []],
    ['placeholder', post('imei=004999010640000'), []],
    ['listed', post('imei=490154203237518'), []],
    ['in the middle of a longer number', post(`imei=${imei}7&x=1`), []],
  ])('%s', (_, exchange, expected) => {
    expect(proposed(exchange)).toEqual(expected);
  });

  it('cut anywhere, are proposed once, with their frames', () => {
    const [whole = Buffer.alloc(0)] = post(`{"a":1,"imei":"${imei}","b":2}`).parts;
    for (let at = whole.indexOf('imei') - 2; at < whole.length; at++) {
      const parts = [whole.subarray(0, at), whole.subarray(at)].filter(({ length }) => length > 0);
      expect(proposed({ parts })).toEqual(['unlisted-imei imei  possible']);
    }
  });

  it('from a server are no request', () => {
    expect(proposed(post(`imei=${imei}`), post(`imei=${imei}`))).toHaveLength(1);
  });

  it.each([
    ['7&x=1', 0],
    ['&x=1', 1],
    ['', 1],
  ])('that bytes end with are judged when it is known what follows: %j', (rest, expected) => {
    const found: string[] = [];
    const searcher = createSearcher(set, (hit) => found.push(hit.kind));
    let offset = 0;
    for (const text of [`a=1&imei=${imei}`, rest]) {
      const bytes = Buffer.from(text);
      const run = { flow: 0, way: 0, layer: 'stream', sequence: 1, decodings: [], opaque: false } as const;
      const locate = (from: number): Origin => ({
        frames: [1],
        streamOffset: from,
        atUs: 0,
        channel: 'cleartext',
        message: null,
        field: null,
      });
      if (text !== '') searcher.run({ ...run, offset, bytes, start: 0, end: bytes.length }, { locate });
      searcher.settle();
      offset += bytes.length;
    }
    searcher.finish();
    expect(found).toHaveLength(expected);
  });
});
