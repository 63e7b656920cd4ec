import { expect, it } from 'vitest';
import { PieceMap } from '../../../main/dissection/http-pieces.ts';
import { FieldMarks } from '../../../main/dissection/position-log.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap } from './packet-builder.ts';
import { IMEI } from './protocol-fixtures.ts';

/** Of a search that looks at nothing before the end. */
const nothingYet = { handed: 0, searched: 0 };
const all = 65_536;

it('pieces that are forgotten before they were searched are told; those that were searched are not', () => {
  for (const [horizon, told] of [
    [nothingYet, false],
    [null, false],
    [{ handed: 9, searched: 9 }, true],
  ] as const) {
    const pieces = new PieceMap(horizon);
    for (let i = 0; i < all; i++) expect(pieces.add(i * 100, i * 200, i, 0)).toBe(true);
    if (told && horizon !== null) Object.assign(horizon, { searched: 99 });
    expect(pieces.add(all * 100, all * 200, all, 0)).toBe(told);
  }
});

it('that is told of the conversation', () => {
  const chunks = (count: number): string => `${'1\r\nx\r\n'.repeat(count)}0\r\n\r\n`;
  const read = (count: number): readonly string[] | undefined => {
    const talk = new Conversation().toServer('POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n');
    return collect(pcap(talk.toServer(chunks(count), 60_000).packets), { horizon: nothingYet }).flows[0]?.incomplete;
  };
  expect(read(1000)).toEqual([]);
  expect(read(all + 1)).toEqual(['cap-marks']);
});

it('a place behind the last mark that there was room for is nobody’s', () => {
  const marks = new FieldMarks(nothingYet);
  for (let i = 0; i < all; i++) expect(marks.add(i * 10, 'uri', i)).toBe(true);
  expect(marks.add(all * 10, 'header:a', all)).toBe(false);
  expect(marks.add(all * 10 + 5, 'header:b', all)).toBe(false);
  expect(marks.at(all * 10 - 1)).toEqual({ field: 'uri', message: all - 1 });
  expect(marks.at(all * 10 + 7)).toEqual({ field: null, message: null });
});

it('a part behind the last one that is named has no name', () => {
  const part = (i: number): string => `--B\r\nContent-Disposition: form-data; name="n${i}"\r\n\r\n${IMEI}\r\n`;
  const body = `${Array.from({ length: 2100 }, (_, i) => part(i)).join('')}--B--`;
  const head = `POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=B\r\nContent-Length: ${body.length}\r\n\r\n`;
  const c = collect(pcap(new Conversation().toServer(head + body, 1400).packets), { needle: IMEI });
  expect(c.found.map(({ field }) => field)).toEqual(
    Array.from({ length: 2100 }, (_, i) => (i < 2048 ? `body:n${i}` : 'body')),
  );
  expect(c.flows[0]?.incomplete).toEqual(['cap-marks']);
});
