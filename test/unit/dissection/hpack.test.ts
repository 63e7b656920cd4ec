import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HpackDecoder, type HpackOutcome } from '../../../main/dissection/hpack.ts';
import { decodeHuffman } from '../../../main/dissection/hpack-tables.ts';

const SEED = 20_140_807;
const RUNS = process.env['HANDSIGHT_TIER'] === 'full' ? 20_000 : 500;

function decode(decoder: HpackDecoder, hex: string): [string[], HpackOutcome] {
  const b = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  const lines: string[] = [];
  const outcome = decoder.decode(b, 0, b.length, (name, value) => lines.push(`${name}: ${value}`));
  return [lines, outcome];
}

const FINE = { unknown: false, capped: false, bad: false };

const requests = [
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'],
  [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com', 'cache-control: no-cache'],
  [':method: GET', ':scheme: https', ':path: /index.html', ':authority: www.example.com', 'custom-key: custom-value'],
];
const date = 'date: Mon, 21 Oct 2013 20:13:21 GMT';
const responses = [
  [':status: 302', 'cache-control: private', date, 'location: https://www.example.com'],
  [':status: 307', 'cache-control: private', date, 'location: https://www.example.com'],
  [
    ':status: 200',
    'cache-control: private',
    'date: Mon, 21 Oct 2013 20:13:22 GMT',
    'location: https://www.example.com',
    'content-encoding: gzip',
    'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
  ],
];

describe('HPACK, the examples of RFC 7541 appendix C', () => {
  it('C.2: one field each', () => {
    const cases = [
      ['400a637573746f6d2d6b65790d637573746f6d2d686561646572', 'custom-key: custom-header'],
      ['040c2f73616d706c652f70617468', ':path: /sample/path'],
      ['100870617373776f726406736563726574', 'password: secret'],
      ['82', ':method: GET'],
    ] as const;
    for (const [hex, line] of cases) expect(decode(new HpackDecoder(true), hex)).toEqual([[line], FINE]);
  });

  it.each([
    [
      'C.3: requests without Huffman coding',
      [
        '828684410f7777772e6578616d706c652e636f6d',
        '828684be58086e6f2d6361636865',
        '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
      ],
    ],
    [
      'C.4: requests with Huffman coding',
      [
        '828684418cf1e3c2e5f23a6ba0ab90f4ff',
        '828684be5886a8eb10649cbf',
        '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
      ],
    ],
  ])('%s', (_, blocks) => {
    const decoder = new HpackDecoder(true);
    expect(blocks.map((hex) => decode(decoder, hex))).toEqual(requests.map((lines) => [lines, FINE]));
  });

  it.each([
    [
      'C.5: responses without Huffman coding',
      [
        '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
        '4803333037c1c0bf',
        '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
      ],
    ],
    [
      'C.6: responses with Huffman coding',
      [
        '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
        '4883640effc1c0bf',
        '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
      ],
    ],
  ])('%s, with a table of 256 bytes', (_, blocks) => {
    const decoder = new HpackDecoder(true);
    // The example agrees on 256 bytes outside of the blocks: said here by an update of the size (3f e1 01).
    expect(decode(decoder, '3fe101')).toEqual([[], FINE]);
    expect(blocks.map((hex) => decode(decoder, hex))).toEqual(responses.map((lines) => [lines, FINE]));
  });
});

describe('HPACK', () => {
  it('reads what it can of a connection whose beginning is not there', () => {
    const decoder = new HpackDecoder(false);
    expect(decode(decoder, '82 be 4003782d6101 31')).toEqual([
      [':method: GET', 'x-a: 1'],
      { unknown: true, capped: false, bad: false },
    ]);
    // What was added since is known, under the numbers it has now; a literal value under an unknown name is told.
    expect(decode(decoder, 'be')).toEqual([['x-a: 1'], FINE]);
    expect(decode(decoder, '7f 00 02 6869')).toEqual([['?: hi'], { unknown: true, capped: false, bad: false }]);
  });

  it('knows nothing of its table after a block that makes no sense', () => {
    const decoder = new HpackDecoder(true);
    decode(decoder, '4003782d610131');
    expect(decode(decoder, 'c0')[1].bad).toBe(true);
    expect(decode(decoder, 'be')).toEqual([[], { unknown: true, capped: false, bad: false }]);
  });

  it('is not made to tell a long field a hundred thousand times', () => {
    const decoder = new HpackDecoder(true);
    const long = `4001 61 7fa11e ${'62'.repeat(4000)}`;
    const [lines, outcome] = decode(decoder, long + 'be'.repeat(100_000));
    expect(outcome).toEqual({ unknown: false, capped: true, bad: false });
    expect(lines.length).toBeLessThanOrEqual(66);
  });

  it('refuses Huffman strings with wrong padding or an end in their middle', () => {
    for (const hex of ['ff', 'fffffffc', '1f00', 'ffffffff']) {
      const b = Buffer.from(hex, 'hex');
      expect(decodeHuffman(b, 0, b.length)).toBeNull();
    }
    expect(decodeHuffman(Buffer.from('1f', 'hex'), 0, 1)).toBe('a');
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 6 }), fc.boolean(), (blocks, fromStart) => {
        const decoder = new HpackDecoder(fromStart);
        for (const b of blocks) {
          let told = 0;
          decoder.decode(b, 0, b.length, (_name, _value, from, to) => {
            expect(from).toBeLessThan(to);
            told++;
          });
          expect(told).toBeLessThanOrEqual(b.length);
        }
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });
});
