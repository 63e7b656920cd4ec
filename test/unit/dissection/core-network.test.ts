import { describe, expect, it } from 'vitest';
import { tbcdDigits } from '../../../main/dissection/identity-codings.ts';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pcap, u16, u32, udp } from './packet-builder.ts';
import {
  avp,
  bytes,
  diameterMessage,
  gtpV1Create,
  gtpV2Create,
  gtpV2Element,
  IMEI,
  IMSI,
  latin,
  NUMBER,
  tbcd,
  updateLocation,
} from './protocol-fixtures.ts';

const IMEISV = `${IMEI.slice(0, 14)}01`;

describe('telephony BCD', () => {
  it('reads digits, the lower half first, up to the filler', () => {
    expect(tbcdDigits(Buffer.from('64962143658709f1', 'hex'), 0, 8)).toBe('466912345678901');
    expect(tbcdDigits(Buffer.from('2143ffff', 'hex'), 0, 4)).toBe('1234');
    expect(tbcdDigits(tbcd(IMSI), 0, 8)).toBe(IMSI);
  });

  it.each(['1f', 'f1', '21f343', '2a', 'a2', 'ff', ''])('takes %s for no number, or only for its digits', (hex) => {
    const b = Buffer.from(hex, 'hex');
    expect(tbcdDigits(b, 0, b.length)).toBe(hex === 'f1' ? '1' : null);
  });
});

describe('GTP-C', () => {
  const cases = [
    [1, 'gtp', gtpV1Create, 'create-pdp-context-request', 'internet'],
    [2, 'gtpv2', gtpV2Create, 'create-session-request', 'ims'],
  ] as const;

  it.each(cases)('version %i: subscriber, number and equipment as text', (version, name, build, type, accessPoint) => {
    const capture = pcap([udp(50_000, 2123, build())]);
    const c = collect(capture, { needle: IMSI });
    expect(c.messages.map((m) => [m.kind, m.fields])).toEqual([
      ['gtp-c', { version, type, imsi: IMSI, msisdn: NUMBER, imei: IMEISV, accessPoint }],
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'gtp-c', channel: 'cleartext', incomplete: [] });
    const at = build().indexOf(tbcd(IMSI));
    expect(c.found).toMatchObject([
      { field: `${name}.imsi`, decodings: ['tbcd'], frames: [1], streamOffset: at, message: 0, layer: 'body' },
    ]);
    expect(collect(capture, { needle: `${name}.msisdn=${NUMBER}\n` }).found).toMatchObject([
      { field: `${name}.msisdn` },
    ]);
    expect(collect(capture, { needle: `${name}.imei=${IMEISV}\n` }).found).toMatchObject([{ field: `${name}.imei` }]);
  });

  it('version 2: reads elements inside elements, to a bound', () => {
    const nested = (depth: number): Buffer => {
      let element = gtpV2Element(1, tbcd(IMSI));
      for (let i = 0; i < depth; i++) element = gtpV2Element(191, element);
      return Buffer.concat([bytes(0x40, 32, 0, element.length + 4, 0, 0, 9, 0), element]);
    };
    const read = (depth: number): unknown => {
      const c = collect(pcap([udp(50_000, 2123, nested(depth))]));
      return [c.messages[0]?.fields['imsi'], c.flows[0]?.incomplete];
    };
    expect(read(2)).toEqual([IMSI, []]);
    expect(read(9)).toEqual([null, ['malformed']]);
  });

  describe('version 2: a message on the back of another', () => {
    const OTHER_IMSI = '466920987654321';
    const message = (type: number, imsi: string, flags = 0x48): Buffer => {
      const body = gtpV2Element(1, tbcd(imsi));
      return Buffer.concat([bytes(flags, type), u16(body.length + 8), u32(0), bytes(0, 0, 9, 0), body]);
    };
    const read = (...parts: Buffer[]) => collect(pcap([udp(2123, 2123, Buffer.concat(parts))]), { needle: OTHER_IMSI });
    const told = (c: ReturnType<typeof read>): unknown[] => c.messages.map((m) => [m.fields['type'], m.fields['imsi']]);
    const answer = message(33, IMSI, 0x58);

    it('is told as one of its own, with its identities', () => {
      const c = read(answer, message(95, OTHER_IMSI));
      expect(told(c)).toEqual([
        ['create-session-response', IMSI],
        ['create-bearer-request', OTHER_IMSI],
      ]);
      expect(c.found).toMatchObject([
        { field: 'gtpv2.imsi', message: c.messages[1]?.index, streamOffset: answer.length + 16, frames: [1] },
      ]);
      expect(c.flows[0]?.incomplete).toEqual([]);
      // Of the bytes as they were sent, those of the second belong to it as well.
      const raw = collect(pcap([udp(2123, 2123, Buffer.concat([answer, message(95, OTHER_IMSI)]))]), {
        needle: tbcd(OTHER_IMSI).toString('latin1'),
      });
      expect(raw.found).toMatchObject([{ layer: 'datagram', field: 'gtpv2.imsi', message: c.messages[1]?.index }]);
    });

    it.each([
      ['announced, and not there', [answer], 1],
      ['announced, and something else there', [answer, latin('not GTP')], 1],
      ['announced, and one of version 1 there', [answer, gtpV1Create()], 1],
      ['cut', [answer, message(95, OTHER_IMSI).subarray(0, -3)], 2],
      ['that carries a third', [answer, message(95, IMSI, 0x58), message(95, OTHER_IMSI)], 2],
    ])('%s: said to be malformed, and what stands before it is told', (_name, parts, count) => {
      const c = read(...parts);
      expect(c.messages).toHaveLength(count);
      expect(c.flows[0]?.incomplete).toEqual(['malformed']);
    });

    it('that was not announced is none', () => {
      expect(told(read(message(33, IMSI), message(95, OTHER_IMSI)))).toEqual([['create-session-response', IMSI]]);
    });
  });

  it('says what is cut, and gives what stands before', () => {
    const whole = gtpV2Create();
    const c = collect(pcap([udp(50_000, 2123, whole.subarray(0, whole.length - 3))]), { needle: IMSI });
    expect(c.flows[0]?.incomplete).toEqual(['malformed']);
    expect(c.found).toHaveLength(1);
    expect(collect(pcap([udp(50_000, 2123, latin('not GTP at all'))])).flows[0]?.incomplete).toEqual(['malformed']);
  });
});

describe('Diameter', () => {
  it.each([1, 13, 5000])('reads identities, nested ones too, in pieces of %i bytes', (piece) => {
    const t = new Conversation({ targetPort: 3868 }).toServer(
      Buffer.concat([updateLocation(), updateLocation()]),
      piece,
    );
    const c = collect(pcap(t.packets), { needle: NUMBER });
    const fields = {
      command: 'update-location',
      request: true,
      application: 16_777_251,
      originHost: 'mme.example',
      userName: IMSI,
      msisdn: NUMBER,
      imei: IMEI.slice(0, 14),
      subscriptionIds: [],
    };
    expect(c.messages.map((m) => [m.kind, m.fields])).toEqual([
      ['diameter', fields],
      ['diameter', fields],
    ]);
    const at = updateLocation().indexOf(tbcd(NUMBER));
    expect(c.found).toMatchObject([
      { field: 'diameter.msisdn', decodings: ['tbcd'], streamOffset: at, message: 0 },
      { field: 'diameter.msisdn', streamOffset: at + updateLocation().length, message: 1 },
    ]);
    expect(c.flows[0]).toMatchObject({ application: 'diameter', channel: 'cleartext', incomplete: [] });
  });

  it('names the AVP that holds a text', () => {
    const t = new Conversation({ targetPort: 3868 }).toServer(updateLocation());
    const field = (needle: string): unknown => collect(pcap(t.packets), { needle }).found.map((f) => f.field);
    expect(field(IMSI)).toEqual(['diameter.user_name']);
    expect(field(IMEI.slice(0, 14))).toEqual(['diameter.imei']);
  });

  it('reads subscriptions and equipment of credit control (RFC 8506)', () => {
    const subscription = (type: number, data: string): Buffer =>
      avp(443, Buffer.concat([avp(450, bytes(0, 0, 0, type)), avp(444, latin(data))]));
    const equipment = avp(458, Buffer.concat([avp(459, bytes(0, 0, 0, 0)), avp(460, tbcd(IMEISV))]));
    const message = diameterMessage(272, 4, [subscription(0, NUMBER), subscription(1, IMSI), equipment]);
    const c = collect(pcap(new Conversation({ targetPort: 3868 }).toServer(message).packets), { needle: IMEISV });
    expect(c.messages[0]?.fields).toMatchObject({
      command: 'credit-control',
      subscriptionIds: [NUMBER, IMSI],
      imei: IMEISV,
    });
    expect(c.found).toMatchObject([{ field: 'diameter.user_equipment_info_value', decodings: ['tbcd'] }]);
  });

  it('bounds nesting', () => {
    let nested = avp(701, tbcd(NUMBER), 10_415);
    for (let i = 0; i < 12; i++) nested = avp(443, nested);
    const c = collect(pcap(new Conversation({ targetPort: 3868 }).toServer(diameterMessage(272, 4, [nested])).packets));
    expect(c.messages[0]?.fields).toMatchObject({ msisdn: null });
    expect(c.flows[0]?.incomplete).toEqual(['malformed']);
  });

  it('says when a message is longer than what is read', () => {
    const long = diameterMessage(272, 4, []);
    const body = Buffer.alloc(80_000);
    const t = new Conversation({ targetPort: 3868 });
    const head = Buffer.from(long);
    head.writeUIntBE(20 + body.length, 1, 3);
    t.toServer(Buffer.concat([head, body, updateLocation()]), 1400);
    const c = collect(pcap(t.packets));
    expect(c.messages.map((m) => m.fields['command'])).toEqual(['credit-control', 'update-location']);
    expect(c.flows[0]?.incomplete).toEqual(['cap-message']);
  });
});
