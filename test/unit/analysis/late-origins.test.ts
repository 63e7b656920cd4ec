import { describe, expect, it } from 'vitest';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';
import { samples } from './feeding.ts';
import { findingsIn } from './findings-of-capture.ts';

const imei = samples[0]?.value ?? '';

describe('bytes are searched long after they came', () => {
  // More than the 16 KiB that a stream remembers anyway, and less than what is collected before it is searched.
  it.each([
    ['early in a stream', 40, 120],
    ['with several collections behind it', 700, 100],
  ])('and their frames and field are still known: %s', (_name, blocks, pieceBytes) => {
    const head = `POST /upload HTTP/1.1\r\nHost: api.example\r\nX-Imei: ${imei}\r\nContent-Length: ${blocks * 1000}\r\n\r\n`;
    const conversation = new Conversation().toServer(head, 30);
    const at = head.indexOf(imei);
    const frames = [...new Set([at, at + imei.length - 1].map((place) => 4 + Math.floor(place / 30)))];
    conversation.toServer('lorem ipsum dolor sit amet, so it goes. '.repeat(25 * blocks), pieceBytes).close();
    const findings = findingsIn(pcap(conversation.packets));
    expect(findings).toHaveLength(1);
    expect(findings[0]?.frames.map(({ frame }) => frame)).toEqual(frames);
    expect(findings[0]).toMatchObject({ field: 'X-Imei', streamOffset: at });
  });

  it('and those of bytes whose connection was given up by a new one on the same ports', () => {
    const first = new Conversation().toServer(`GET /a?imei=${imei} HTTP/1.1\r\nHost: a.example\r\n\r\n`);
    const second = new Conversation({ clientSeq: 900_000, serverSeq: 800_000 }).toServer('x'.repeat(30_000), 500);
    const findings = findingsIn(pcap([...first.packets, ...second.packets]));
    expect(findings.map(({ frames, filter }) => [frames.map(({ frame }) => frame), filter])).toEqual([
      [[4], 'tcp.stream==0 && frame.number==4'],
    ]);
  });
});
