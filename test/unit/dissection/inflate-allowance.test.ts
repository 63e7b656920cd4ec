import { deflateRawSync, gzipSync } from 'node:zlib';
import { expect, it, vi } from 'vitest';
import type * as allowances from '../../../main/dissection/inflate-allowance.ts';
import { InflateAllowance } from '../../../main/dissection/inflate-allowance.ts';
import { bodies, collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap } from './packet-builder.ts';
import { WS_ASK, wsConsent, wsFrame } from './websocket-frames.ts';

vi.mock('../../../main/dissection/inflate-allowance.ts', async (original) => {
  const { InflateAllowance: Real } = await original<typeof allowances>();
  return {
    InflateAllowance: class extends Real {
      constructor(beyond = 100_000) {
        super(beyond);
      }
    },
  };
});

const text = `${'x'.repeat(300_000)}`;
const packed = gzipSync(text);
const answer = (body: Buffer, headers: string): Buffer =>
  Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}Content-Length: ${body.length}\r\n\r\n`), body]);
const ask = 'GET / HTTP/1.1\r\nHost: a.example\r\n\r\n';

it('gives what is ordinary without end, and beyond it as much as is left', () => {
  const allowance = new InflateAllowance(1000);
  expect(Array.from({ length: 3 }, () => allowance.take(100, 6400))).toEqual([6400, 6400, 6400]);
  expect(allowance.take(100, 7000)).toBe(7000);
  expect(allowance.take(100, 7000)).toBe(6800);
  expect([allowance.take(100, 7000), allowance.take(100, 6000), allowance.take(0, 50)]).toEqual([6400, 6000, 0]);
});

it('bodies that grow a hundredfold are cut once all of them have given enough, and that is told', () => {
  const one = answer(packed, 'Content-Encoding: gzip\r\n');
  const plain = answer(Buffer.from(text), '');
  const c = collect(
    pcap(new Conversation().toServer(ask.repeat(3)).toClient(Buffer.concat([one, one, plain]), 1400).packets),
  );
  const free = packed.length * 64;
  expect(bodies(c).map(({ bytes }) => bytes.length)).toEqual([free + 100_000, free]);
  expect(c.flows[0]?.incomplete).toEqual(['cap-inflate']);
  expect(c.summary.faults.map(({ code }) => code)).toContain('cap-inflate');
  const gentle = gzipSync(Buffer.from(Array.from({ length: 30_000 }, (_, i) => (i * i * 7919) % 251).join()));
  const d = collect(
    pcap(new Conversation().toServer(ask).toClient(answer(gentle, 'Content-Encoding: gzip\r\n'), 1400).packets),
  );
  expect(d.flows[0]?.incomplete).toEqual([]);
});

it('so are messages of WebSocket and of gRPC', () => {
  const deflated = deflateRawSync(text, { finishFlush: 2 }).subarray(0, -4);
  const frame = wsFrame(deflated, { compressed: true });
  const talk = new Conversation().toServer(WS_ASK).toClient(wsConsent('permessage-deflate')).toClient(frame, 1400);
  const ws = collect(pcap(talk.packets));
  expect(ws.flows[0]?.incomplete).toEqual(['cap-inflate']);
  const message = Buffer.concat([Buffer.from([1, 0, 0, packed.length >> 8, packed.length & 255]), packed]);
  const headers = 'Content-Type: application/grpc\r\ngrpc-encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n';
  const chunk = Buffer.concat([
    Buffer.from(`${message.length.toString(16)}\r\n`),
    message,
    Buffer.from('\r\n0\r\n\r\n'),
  ]);
  const said = Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}`), chunk]);
  const grpc = collect(pcap(new Conversation().toServer(ask).toClient(said, 1400).packets));
  expect(grpc.flows[0]?.incomplete).toEqual(['cap-inflate']);
});
