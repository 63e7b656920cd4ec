import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bodies, collect } from './collector.ts';

const DATA = process.env['HANDSIGHT_REAL_DATA'] ?? join(import.meta.dirname, '../../../../shared/data');
const FOLDER = join(DATA, 'captures');
const PRESENT = existsSync(join(FOLDER, 'truth.json'));

/** What is decoded in captures that nobody here wrote: layers and the beginning of the text. */
function decoded(file: string): [string, string][] {
  const c = collect(readFileSync(join(FOLDER, file)), { blockBytes: 1 << 20 });
  return bodies(c).map((b) => [b.decodings.join(' '), b.bytes.toString('latin1')]);
}

describe.skipIf(!PRESENT)('captures nobody here wrote', () => {
  it('bodies under gzip, by both of its names', () => {
    expect(decoded('zeek__http__x-gzip.pcap')).toEqual([['gzip', 'Encoded gzip header']]);
    expect(decoded('zeek__http__get-gzip.pcap')[0]?.[1]).toContain('"Host": "httpbin.org"');
  });

  it('an upgrade to HTTP/2, and the ranges of a file in it', () => {
    const all = decoded('suricata-verify__http2-range__http2-range.pcap');
    expect(all.filter(([steps]) => steps === 'http2').map(([, text]) => text)).toEqual([
      'X5O!P%@AP[4',
      ')7CC)7}$EIC',
      'RD-ANTIVIRUS-TEST-FILE!$H+H*\n',
    ]);
    const headers = all.filter(([steps]) => steps === 'hpack').map(([, text]) => text);
    expect(headers.map((text) => /^content-range: (.*)\r$/m.exec(text)?.[1])).toEqual([
      'bytes 0-10/69',
      'bytes 20-30/69',
      'bytes 40-68/69',
    ]);
  });

  it('a call between parts of a mobile network, without a SYN, on a port nobody knows', () => {
    const all = decoded('nDPI__http2.pcapng');
    expect(all.map(([steps]) => steps)).toEqual(['hpack', 'http2', 'hpack', 'http2']);
    expect(all[0]?.[1]).toContain(':path: /namf-comm/v1/subscriptions\r\n');
    expect(JSON.parse(all[1]?.[1] ?? '')).toMatchObject({ guamiList: [{ plmnId: { mcc: '208', mnc: '93' } }] });
  });

  it('the part of a form under its name', () => {
    const file = readFileSync(join(FOLDER, 'zeek__http__multipart-form-data.pcap'));
    const text = file.toString('latin1');
    const boundary = /boundary=(\S+)/.exec(text)?.[1] ?? '';
    const name = /form-data; name="([^"]+)"/.exec(text)?.[1] ?? '';
    expect([boundary.length > 10, name.length > 0]).toEqual([true, true]);
    // The line break before the last delimiter still lies in the part.
    const { found, messages } = collect(file, { needle: `\r\n--${boundary}--` });
    expect(found.map((f) => [f.message, f.field, f.layer])).toEqual([[0, `body:${name}`, 'stream']]);
    expect(messages).toMatchObject([{ fields: { contentType: `multipart/form-data; boundary=${boundary}` } }]);
  });
});

if (!PRESENT) {
  it.skip(`captures nobody here wrote: none in ${FOLDER} (set HANDSIGHT_REAL_DATA)`, () => undefined);
}
