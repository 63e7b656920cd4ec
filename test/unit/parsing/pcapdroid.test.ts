import { expect, it } from 'vitest';
import { recogniseText } from '../../../main/parsing/import/recognise.ts';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';

const header =
  'IPProto,SrcIP,SrcPort,DstIp,DstPort,UID,App,Proto,Status,Info,BytesSent,BytesRcvd,PktsSent,PktsRcvd,FirstSeen,LastSeen';

function parse(text: string): ReturnType<typeof parseExhibit> {
  const context = { collectedAt: '2026-01-02T03:04:05.000000Z', handsetClock: null };
  return parseExhibit({ collector: null, command: 'pcapdroid-csv', bytes: Buffer.from(text), context });
}

it('each connection that PCAPdroid lists is one fact, also where its texts hold commas', () => {
  const rows = [
    '6,10.215.173.1,40000,93.184.216.34,443,10123,Weather, Inc.,TLS,Closed,a.example,1200,3400,5,6,1700000000,1700000009',
    '17,fd00::1,5353,2001:db8::1,53,-1,,DNS,Open,,60,0,1,0,1700000000,1700000001,yes',
  ];
  const { records, unparsed } = parse(`${header},Malicious\r\n${rows.join('\r\n')}\r\n`);
  expect(unparsed).toEqual([]);
  expect(records).toMatchObject([
    {
      kind: 'fact',
      topic: 'traffic',
      package: null,
      name: 'PCAPdroid uid 10123/6/10.215.173.1:40000-93.184.216.34:443',
      value:
        'Weather, Inc.,TLS,Closed,a.example BytesSent=1200 BytesRcvd=3400 FirstSeen=1700000000 LastSeen=1700000009',
    },
    { name: 'PCAPdroid uid -1/17/fd00::1:5353-2001:db8::1:53' },
  ]);
});

it('another header, a row of another shape and a hostile line are said, not guessed', () => {
  expect(parse('a,b\n1,2\n')).toMatchObject({ records: [], unparsable: true });
  const { records, unparsed } = parse(`${header}\n6,x,1\n6,${','.repeat(4000)}\n${'9'.repeat(6000)}\n`);
  expect(records).toEqual([]);
  expect(unparsed.map(({ line, reason }) => [line, reason])).toEqual([
    [2, 'shape-differs'],
    [3, 'shape-differs'],
    [4, 'line-too-long'],
  ]);
});

it('is recognised by its header', () => {
  const head = Buffer.from(`${header}\n`);
  expect(recogniseText({ fileName: 'x.txt', head, tail: head })).toEqual({ command: 'pcapdroid-csv', by: 'content' });
});
