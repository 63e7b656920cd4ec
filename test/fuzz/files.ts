import { gzipSync } from 'node:zlib';
import { Conversation } from '../unit/dissection/conversation.ts';
import { captureWithSecrets, EXCHANGES } from '../unit/dissection/keylog/tls-exchanges.ts';
import { dns, pcap, PcapngBuilder, udp } from '../unit/dissection/packet-builder.ts';
import { realCaptures } from './corpus.ts';
import type { Dice } from './dice.ts';
import { mutate } from './mutate.ts';

const MAGICS = [0xa1b2c3d4, 0xa1b23c4d, 0xa1b2cd34];

function packets(): Buffer[] {
  const body = gzipSync(`{"imei":"490154203237518","pad":"${'z'.repeat(300)}"}`);
  const web = new Conversation().toServer('GET /a?imei=490154203237518 HTTP/1.1\r\nHost: h.example\r\n\r\n', 30);
  web.toClient(
    Buffer.concat([
      Buffer.from(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`),
      body,
    ]),
    60,
  );
  return [udp(40_000, 53, dns('q.example', 1)), ...web.close().packets, udp(40_001, 53, dns('r.example', 28))];
}

/** Every block that is known, in sections of both byte orders, one after the other. */
function blocks(little: boolean): Buffer {
  const file = new PcapngBuilder(little).section().interface(1).interface(101, 9);
  packets().forEach((p, i) => {
    if (i % 5 === 1) file.simple(p);
    else if (i % 5 === 2) file.obsolete(0, BigInt(i), p);
    else file.enhanced(0, BigInt(i), p);
  });
  return file.bytes();
}

/** Small capture files of every format: those nobody here wrote where they are, and generated ones. */
export function fileCorpus(): Buffer[] {
  const [exchange] = EXCHANGES;
  return [
    ...MAGICS.flatMap((magic) => [true, false].map((littleEndian) => pcap(packets(), { magic, littleEndian }))),
    blocks(true),
    blocks(false),
    Buffer.concat([blocks(true), blocks(false)]),
    ...(exchange === undefined ? [] : [captureWithSecrets(exchange)]),
    ...realCaptures().map(({ bytes }) => bytes.subarray(0, 120_000)),
  ];
}

/** One of the files, changed once or more; now and then cut up and put together from two. */
export function fuzzedFile(dice: Dice, corpus: readonly Buffer[]): Buffer {
  const file = dice.pick(corpus);
  // Changes near the beginning meet the headers; anywhere else they meet packets.
  const head = Math.min(file.length, dice.once(2) ? 200 : file.length);
  const changed = mutate(dice, file.subarray(0, head), dice.pick(corpus));
  return Buffer.concat([changed, file.subarray(head)]);
}
