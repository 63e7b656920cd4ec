import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eapIdentity, imsiOf } from '../../../main/dissection/eap-link.ts';
import { findingsIn } from '../analysis/findings-of-capture.ts';
import { type Collected, collect } from './collector.ts';
import { FlowGate } from '../../../main/dissection/flow-gate.ts';
import { snap, wlanData } from './link-fixtures.ts';
import { bytesOf, ethernet, pcap, u16 } from './packet-builder.ts';

// The sample identifier of feeding.ts, as a SIM says it (3GPP TS 23.003, 19.3.2).
const IMSI = '466920123456789';
const NAI = `${IMSI}@wlan.mnc092.mcc466.3gppnetwork.org`;

const eapol = (type: number, body: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([1, type]), u16(body.length), body]);
const eap = (code: number, type: number, data: Uint8Array): Buffer =>
  eapol(0, Buffer.concat([Buffer.from([code, 7]), u16(5 + data.length), Buffer.from([type]), data]));
const attribute = (type: number, text: string): Buffer => {
  const padding = Buffer.alloc((4 - (text.length % 4)) % 4);
  const words = 1 + (text.length + padding.length) / 4;
  return Buffer.concat([Buffer.from([type, words]), u16(text.length), Buffer.from(text), padding]);
};
/** EAP-SIM or AKA with an attribute before the identity. */
const inMethod = (type: number, text: string): Buffer =>
  eap(2, type, Buffer.concat([Buffer.from([10, 0, 0]), Buffer.from([16, 1, 0, 1]), attribute(14, text)]));

const asked = eap(1, 1, Buffer.alloc(0));
const answered = eap(2, 1, Buffer.from(`1${NAI}`));
const FRAME_BYTES = 14;

const read = (...packets: Buffer[]): Collected => collect(pcap(packets), { needle: `imsi=${IMSI}` });

describe('EAP over LAN', () => {
  it('is a conversation below IP, and an identity in it is a message with the IMSI found', () => {
    const c = read(ethernet(asked, 0x888e), ethernet(answered, 0x888e));
    expect(c.flows).toMatchObject([
      {
        transport: 'other',
        application: 'eap',
        channel: 'cleartext',
        clientAddress: expect.stringMatching(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/) as string,
        packets: expect.anything() as number[],
      },
    ]);
    expect(c.messages).toMatchObject([
      { kind: 'eap-identity', way: 0, frame: 2, fields: { method: 'identity', identity: `1${NAI}` } },
    ]);
    expect(c.found).toMatchObject([{ frames: [2], decodings: ['eap'], field: 'eap.identity', message: 0 }]);
    expect(c.summary).toMatchObject({ tcpFlows: 0, udpFlows: 0, faults: [] });
  });

  it.each([
    ['sim', 18, '1'],
    ['aka', 23, '0'],
    ['aka-prime', 50, '6'],
  ])('the identity inside %s', (method, type, digit) => {
    const c = read(ethernet(inMethod(type, digit + NAI), 0x888e));
    expect(c.messages).toMatchObject([{ fields: { method, identity: digit + NAI } }]);
    expect(c.found).toHaveLength(1);
  });

  it('in 802.11, told apart by hardware addresses', () => {
    const c = collect(pcap([wlanData('0801', snap(answered, 0x888e))], { linkType: 105 }));
    expect(c.messages).toHaveLength(1);
    expect(c.flows).toHaveLength(1);
  });

  it('is read alone, or left out, where one conversation is asked for', () => {
    const capture = pcap([ethernet(asked, 0x888e), ethernet(answered, 0x888e)]);
    const [flow] = collect(capture).flows;
    const end = (address = ''): { address: string; port: number } => ({ address, port: 0 });
    const ends = [end(flow?.clientAddress), end(flow?.serverAddress)] as const;
    for (const [transport, admitted] of [
      ['other', 2],
      ['icmp', 0],
    ] as const) {
      const gate = new FlowGate({ transport, ends });
      expect(collect(capture, { gate }).flows).toHaveLength(admitted / 2);
      expect(gate.admitted).toBe(admitted);
    }
    const other = new FlowGate({ transport: 'other', ends: [ends[0], end('02:00:00:00:00:09')] });
    expect(collect(capture, { gate: other }).flows).toEqual([]);
  });

  it('says nothing of an IMSI where a pseudonym or another name stands', () => {
    for (const name of [`2${IMSI}@wlan.example`, 'anna@example', `1${IMSI}9@x`, IMSI, '']) {
      expect(imsiOf(name)).toBeNull();
    }
    expect(imsiOf(`1${IMSI}`)).toBe(IMSI);
  });

  it('becomes one finding on the link, in the words of the identity', () => {
    expect(findingsIn(pcap([ethernet(asked, 0x888e), ethernet(answered, 0x888e)]))).toMatchObject([
      {
        rule: 'identifier-on-link',
        identifier: { kind: 'imsi' },
        direction: 'lan',
        transform: [],
        field: 'imsi',
        filter: 'frame.number==2',
        contentKnownBy: 'wire',
      },
    ]);
  });

  it('never throws and stays within its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(1, 18, 23, 50), (body, type) => {
        const found = eapIdentity(body, 0, body.length);
        if (found !== null) expect(found.to).toBeLessThanOrEqual(body.length);
        const c = read(ethernet(eap(2, type, body), 0x888e), ethernet(bytesOf(body), 0x888e));
        expect(c.sequences.every((s) => s.ended)).toBe(true);
      }),
      { seed: 8, numRuns: 500 },
    );
    const whole = ethernet(answered, 0x888e);
    for (let length = FRAME_BYTES; length < whole.length; length++) read(whole.subarray(0, length));
  });
});
