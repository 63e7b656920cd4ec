import { expect, it, vi } from 'vitest';
import type * as budgets from '../../../main/dissection/body-budget.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { HTTP_SCENES } from './http-scenes.ts';
import { pcap, u32 } from './packet-builder.ts';

const all = vi.hoisted((): { held: number; most: number }[] => []);
vi.mock('../../../main/dissection/body-budget.ts', async (original) => {
  const { BodyBudget } = await original<typeof budgets>();
  class Known extends BodyBudget {
    most = 0;
    constructor() {
      super();
      let held = 0;
      Object.defineProperty(this, 'held', {
        get: () => held,
        set: (value: number) => {
          held = value;
          this.most = Math.max(this.most, value);
        },
      });
      all.push(this);
    }
  }
  return { BodyBudget: Known };
});

const megabytes96 = 96 * 1024 * 1024;
const long = 'a'.repeat(60_000);
const http2Frame = (type: number, body: Buffer): Buffer =>
  Buffer.concat([Buffer.from([0, body.length >> 8, body.length & 255, type, 0]), u32(type === 4 ? 0 : 1), body]);
const unfinished: readonly (readonly [name: string, port: number, bytes: Buffer, reason: string])[] = [
  ['heads of HTTP', 80, Buffer.from(`GET / HTTP/1.1\r\nX: ${long}`), 'cap-header'],
  ['heads of SIP', 5060, Buffer.from(`REGISTER sip:a SIP/2.0\r\nVia: SIP/2.0/TCP a\r\nX: ${long}`), 'cap-header'],
  [
    'messages that tell their length',
    3868,
    Buffer.concat([Buffer.from('0100fffc8000013c', 'hex'), Buffer.alloc(60_000)]),
    'cap-message',
  ],
  [
    'sections of HTTP/2',
    80,
    Buffer.concat([
      Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
      http2Frame(4, Buffer.alloc(0)),
      http2Frame(1, Buffer.from([0x82])),
      ...Array.from({ length: 4 }, () => http2Frame(9, Buffer.alloc(15_000, 97))),
    ]),
    'cap-header',
  ],
];

it.each(unfinished)(
  '%s that never end hold no more together than is allowed, and that is told',
  (_, port, bytes, reason) => {
    all.length = 0;
    const packets = Array.from({ length: 2000 }, (_unused, n) => {
      const talk = new Conversation({ sourcePort: 2000 + n, targetPort: port });
      return talk.toServer(bytes, 30_000).packets;
    }).flat();
    const { flows } = collect(pcap(packets));
    const capped = flows.filter(({ incomplete }) => incomplete.includes(reason as never)).length;
    expect(capped).toBeGreaterThan(200);
    expect(capped).toBeLessThan(1500);
    const most = Math.max(...all.map((one) => one.most));
    expect(most).toBeLessThanOrEqual(megabytes96);
    expect(most).toBeGreaterThan(megabytes96 / 2);
    expect(all.map(({ held }) => held)).toEqual(all.map(() => 0));
  },
);

it('whatever is cut off, nothing is held at the end', () => {
  for (const { name, before, bytes } of HTTP_SCENES) {
    for (let length = 1; length <= bytes.length; length += 7) {
      all.length = 0;
      collect(pcap(before().toServer(bytes.subarray(0, length), 50).packets));
      expect(
        all.map(({ held }) => held),
        `${name}, ${length}`,
      ).toEqual(all.map(() => 0));
    }
  }
});
