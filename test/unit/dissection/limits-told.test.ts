import { gzipSync } from 'node:zlib';
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDissector } from '../../../main/dissection/dissector.ts';
import { INCOMPLETE } from '../../../main/dissection/incomplete.ts';
import { shortName } from '../../../main/dissection/short-name.ts';
import type { ByteRun, Origin, OriginSource } from '../../../main/dissection/sink.ts';
import { collect, type Collected } from './collector.ts';
import { Conversation } from './conversation.ts';
import { pktap, ppi } from './link-fixtures.ts';
import { ethernet, ipv4, ipv6, pcap, u16, u32, udp, udpDatagram } from './packet-builder.ts';
import {
  bytes,
  dhcpv6Message,
  IMEI,
  labels,
  latin,
  MAC,
  MAC_TEXT,
  netbiosName,
  stunAttribute,
} from './protocol-fixtures.ts';
import { stunMessage } from './protocol-fixtures.ts';

const codesOf = (c: Collected): unknown => [c.flows[0]?.incomplete, c.summary.faults.map(({ code }) => code)];
const sent = (payload: Buffer | string, pieceBytes = 1400): Buffer =>
  pcap(new Conversation().toServer(payload, pieceBytes).close().packets);
const post = (body: Buffer | string, type: string, more = ''): Buffer =>
  Buffer.concat([
    latin(`POST /m HTTP/1.1\r\nContent-Type: ${type}\r\n${more}Content-Length: ${body.length}\r\n\r\n`),
    Buffer.from(body as string),
  ]);

describe('a limit that keeps something from being decoded is told', () => {
  const name = bytes(0xc0, 12);
  const record = (type: number, data: Buffer): Buffer =>
    Buffer.concat([name, u16(type), u16(1), u32(60), u16(data.length), data]);
  const hidden = record(41, Buffer.concat([u16(65_001), u16(6), MAC]));
  const answer = (records: number): Buffer =>
    Buffer.concat([
      u16(1),
      u16(0x8180),
      u16(1),
      u16(records),
      u16(0),
      u16(1),
      labels('x.example'),
      u16(1),
      u16(1),
      ...Array.from({ length: records }, () => record(1, bytes(192, 0, 2, 1))),
      hidden,
    ]);

  it('DNS: records of one message', () => {
    const few = collect(pcap([udp(50_000, 53, answer(511))]), { needle: MAC_TEXT });
    expect(few.found).toHaveLength(1);
    expect(codesOf(few)).toEqual([[], []]);
    const many = collect(pcap([udp(50_000, 53, answer(512))]), { needle: MAC_TEXT });
    expect(many.found).toEqual([]);
    expect(codesOf(many)).toEqual([['cap-message'], ['cap-message']]);
  });

  it('DNS: questions of one message', () => {
    const asked = (count: number): Buffer => {
      const questions = Array.from({ length: count }, () => Buffer.concat([labels('a.example'), u16(1), u16(1)]));
      return Buffer.concat([u16(1), u16(0x0100), u16(count), u16(0), u16(0), u16(0), ...questions]);
    };
    expect(codesOf(collect(pcap([udp(50_000, 53, asked(512))])))).toEqual([[], []]);
    expect(codesOf(collect(pcap([udp(50_000, 53, asked(513))])))).toEqual([['cap-message'], ['cap-message']]);
  });

  it('NetBIOS: names of one message', () => {
    const asked = (count: number): Buffer => {
      const question = Buffer.concat([labels(netbiosName('ANDROID-4F2A', 0)), u16(32), u16(1)]);
      return Buffer.concat([
        u16(1),
        u16(0x0100),
        u16(count),
        u16(0),
        u16(0),
        u16(0),
        ...Array.from({ length: count }, () => question),
      ]);
    };
    const few = collect(pcap([udp(137, 137, asked(64))]), { needle: 'ANDROID-4F2A' });
    expect(few.found).toHaveLength(64);
    expect(codesOf(few)).toEqual([[], []]);
    const many = collect(pcap([udp(137, 137, asked(65))]), { needle: 'ANDROID-4F2A' });
    expect(many.found).toHaveLength(64);
    expect(codesOf(many)).toEqual([['cap-message'], ['cap-message']]);
  });

  it('DHCPv6: options of one message', () => {
    const duid = Buffer.concat([u16(3), u16(1), MAC]);
    const solicit = (before: number): Buffer => {
      const options: [number, Buffer][] = Array.from({ length: before }, () => [8, bytes(0, 0)]);
      return dhcpv6Message(1, [...options, [1, duid]]);
    };
    const read = (message: Buffer): Collected =>
      collect(pcap([ethernet(ipv6(udpDatagram(546, 547, message), 17, 'fe80::1', 'ff02::1:2'), 0x86dd)]), {
        needle: MAC_TEXT,
      });
    expect(read(solicit(511)).found).toHaveLength(1);
    expect(codesOf(read(solicit(511)))).toEqual([[], []]);
    expect(read(solicit(512)).found).toEqual([]);
    expect(codesOf(read(solicit(512)))).toEqual([['cap-message'], ['cap-message']]);
  });

  it('gRPC: bytes of one compressed message', () => {
    const packed = gzipSync(`${randomBytes(4 * 1024 * 1024).toString('base64')}${IMEI}`);
    const body = Buffer.concat([bytes(1), u32(packed.length), packed]);
    const chunks = Buffer.concat([latin(`${body.length.toString(16)}\r\n`), body, latin('\r\n0\r\n\r\n')]);
    const head = 'Content-Type: application/grpc\r\ngrpc-encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n';
    const talk = Buffer.concat([latin(`POST /x HTTP/1.1\r\n${head}`), chunks]);
    const c = collect(sent(talk, 60_000), { needle: IMEI });
    expect(c.found).toEqual([]);
    expect(codesOf(c)).toEqual([['cap-body'], ['cap-body']]);
  });

  const encoded = `Content-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`.${IMEI}.`).toString('base64')}\r\n`;

  it('multipart: how deep they lie in each other', () => {
    const nested = (depth: number): string => {
      let body = encoded;
      for (let level = depth; level > 0; level--) {
        const type = `Content-Type: multipart/mixed; boundary=B${level}\r\n`;
        body = `${level === 1 ? '' : `${type}\r\n`}--B${level}\r\n${body}--B${level}--\r\n`;
      }
      return body;
    };
    const read = (depth: number): Collected =>
      collect(sent(post(nested(depth), 'multipart/mixed; boundary=B1')), { needle: IMEI });
    expect(read(4).found).toHaveLength(1);
    expect(codesOf(read(4))).toEqual([[], []]);
    expect(read(5).found).toEqual([]);
    expect(codesOf(read(5))).toEqual([['cap-depth'], ['cap-depth']]);
  });

  it.each([
    ['of the body', ''],
    ['of a body in it', 'inner'],
  ])('multipart: the boundary %s', (_, kind) => {
    const read = (length: number): Collected => {
      const boundary = 'B'.repeat(length);
      const parts = `--${boundary}\r\n${encoded}--${boundary}--\r\n`;
      const type = `multipart/mixed; boundary=${boundary}`;
      const body = kind === '' ? parts : `--A\r\nContent-Type: ${type}\r\n\r\n${parts}--A--\r\n`;
      return collect(sent(post(body, kind === '' ? type : 'multipart/mixed; boundary=A')), { needle: IMEI });
    };
    expect(read(200).found).toHaveLength(1);
    expect(codesOf(read(200))).toEqual([[], []]);
    expect(read(201).found).toEqual([]);
    expect(codesOf(read(201))).toEqual([['cap-header'], ['cap-header']]);
  });

  it('STUN: no attribute is left out', () => {
    const many = Array.from({ length: 100 }, () => stunAttribute(0x8022, 'Test'));
    const message = stunMessage(1, ...many, stunAttribute(0x0006, 'evtj:h6vY'));
    const c = collect(pcap([udp(50_000, 3478, message)]));
    expect(c.messages[0]?.fields).toMatchObject({ userName: 'evtj:h6vY' });
  });

  it('DNS over HTTP: a query in a long URI is read', () => {
    const query = Buffer.concat([
      u16(1),
      u16(0x0100),
      u16(1),
      u16(0),
      u16(0),
      u16(1),
      labels('hidden.example'),
      u16(1),
      u16(1),
      Buffer.concat([bytes(0), u16(41), u16(4096), u32(0), u16(2004), u16(12), u16(2000), Buffer.alloc(2000)]),
    ]);
    const c = collect(sent(`GET /dns-query?dns=${query.toString('base64url')} HTTP/1.1\r\nHost: h\r\n\r\n`));
    expect(c.messages.filter(({ kind }) => kind === 'dns-query').map(({ fields }) => fields['name'])).toEqual([
      'hidden.example',
    ]);
  });
});

describe('frames with more around them than is passed over', () => {
  const packet = ipv4(udpDatagram(50_000, 9999, IMEI), { from: '10.0.0.5', to: '192.0.2.80', protocol: 17 });
  it.each([
    [
      'tags',
      (n: number) =>
        ethernet(
          packet,
          0x0800,
          Array.from({ length: n }, () => 0x8100),
        ),
      7,
    ],
    [
      'labels',
      (n: number) =>
        ethernet(
          Buffer.concat([...Array.from({ length: n - 1 }, () => bytes(0, 0, 0, 64)), bytes(0, 0, 1, 64), packet]),
          0x8847,
        ),
      32,
    ],
  ])('are counted: %s', (_, frame, most) => {
    const whole = collect(pcap([frame(most)]), { needle: IMEI });
    expect(whole.found).toHaveLength(1);
    expect(whole.summary.faults).toEqual([]);
    const c = collect(pcap([frame(most + 1), frame(most + 1)]), { needle: IMEI });
    expect(c.found).toEqual([]);
    expect(c.summary.faults).toMatchObject([{ code: 'cap-links', count: 2, frame: 1 }]);
  });
});

it('frames in a wrapper whose link type is not known are counted', () => {
  const packet = ethernet(ipv4(udpDatagram(50_000, 9999, IMEI), { from: '10.0.0.5', to: '192.0.2.80', protocol: 17 }));
  for (const [linkType, wrap] of [[192, ppi] as const, [258, pktap] as const]) {
    const c = collect(pcap([wrap(1, packet), wrap(3000, packet), wrap(3000, packet)], { linkType }), { needle: IMEI });
    expect(c.found).toHaveLength(1);
    expect(c.summary.faults).toMatchObject([{ code: 'unknown-link-type', count: 2, frame: 2 }]);
  }
});

it('places in a part of very many lines of base64 stay right', () => {
  const lines = 150_000;
  const decoded = Buffer.alloc(57 * lines, 'x');
  const at = 57 * (lines - 1000) + 20;
  decoded.write(IMEI, at);
  const text = decoded.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  const head = '--B\r\nContent-Transfer-Encoding: base64\r\n\r\n';
  const body = post(`${head}${text}--B--`, 'multipart/mixed; boundary=B');
  const found: Origin[] = [];
  const sink = {
    run(run: ByteRun, source: OriginSource): void {
      const stands = run.layer === 'body' ? Buffer.from(run.bytes.subarray(run.start, run.end)).indexOf(IMEI) : -1;
      if (stands >= 0) found.push(source.locate(run.offset + stands, run.offset + stands + IMEI.length));
    },
    endSequence: () => undefined,
    message: () => undefined,
    flow: () => undefined,
  };
  const dissector = createDissector(sink);
  dissector.push(sent(body));
  dissector.finish();
  const wanted = body.indexOf(head) + head.length + 78 * (lines - 1000) + Math.floor((20 * 4) / 3);
  expect(found).toHaveLength(1);
  expect(Math.abs((found[0]?.streamOffset ?? 0) - wanted)).toBeLessThan(8);
  expect(found[0]?.frames).toContain(4 + Math.floor(wanted / 1400));
});

describe('names', () => {
  it('of servers in one conversation: more than are kept are told', () => {
    const asked = (count: number): Collected =>
      collect(
        sent(
          Array.from(
            { length: count },
            (_, i) => `GET http://h${i}.example/ HTTP/1.1\r\nHost: h${i}.example\r\n\r\n`,
          ).join(''),
        ),
      );
    expect(asked(256).flows[0]).toMatchObject({ incomplete: [] });
    expect(asked(256).flows[0]?.serverNames).toHaveLength(256);
    expect(asked(257).flows[0]).toMatchObject({ incomplete: ['cap-names'] });
  });

  it('of fields: one that is cut ends with a mark', () => {
    const long = 'n'.repeat(200);
    const told = `${'n'.repeat(127)}…`;
    const body = `--B\r\nContent-Disposition: form-data; name="${long}"\r\n\r\n${IMEI}\r\n--B--`;
    const form = collect(sent(post(body, 'multipart/form-data; boundary=B')), { needle: IMEI });
    expect(form.found.map(({ field }) => field)).toEqual([`body:${told}`]);
    const head = collect(sent(`GET / HTTP/1.1\r\n${long}: ${IMEI}\r\n\r\n`), { needle: IMEI });
    expect(head.found.map(({ field }) => field)).toEqual([`header:${told}`]);
    const open = collect(sent(`GET / HTTP/1.1\r\n${long}: ${IMEI}`), { needle: IMEI });
    expect(open.found.map(({ field }) => field)).toEqual([`header:${told}`]);
  });

  it('of fields: nothing is cut of one that fits, nor half a character of any', () => {
    expect(shortName('n'.repeat(128))).toBe('n'.repeat(128));
    expect(shortName('n'.repeat(129))).toBe(`${'n'.repeat(127)}…`);
    expect(shortName(`${'n'.repeat(126)}😀nnn`)).toBe(`${'n'.repeat(126)}…`);
    const name = '字'.repeat(50);
    const body = `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${IMEI}\r\n--B--`;
    const c = collect(sent(post(Buffer.from(body), 'multipart/form-data; boundary=B')), { needle: IMEI });
    expect(c.found.map(({ field }) => field)).toEqual([`body:${name}`]);
  });
});

it.each([
  ['SIP', 5060, 'OPTIONS sip:a@h SIP/2.0\r\nTo: <sip:a@h>\r\n', 'sip.header:subject'],
  ['SSDP', 1900, 'M-SEARCH * HTTP/1.1\r\nST: ssdp:all\r\n', 'ssdp.header:subject'],
])('a line of %s whose name is too long is not told as the field before it', (_, port, head, field) => {
  const read = (name: string): (string | null)[] =>
    collect(pcap([udp(50_000, port, latin(`${head}${name}: ${IMEI}\r\nSubject: ${IMEI}\r\n\r\n`))]), {
      needle: IMEI,
    }).found.map((one) => one.field);
  const start = field.slice(0, field.indexOf(':') + 1);
  expect(read('n'.repeat(64))).toEqual([`${start}${'n'.repeat(64)}`, field]);
  expect(read('n'.repeat(65))).toEqual([null, field]);
});

it('the name of a stanza that is cut ends with a mark', () => {
  const t = new Conversation({ targetPort: 5222 }).toServer("<stream:stream xmlns='jabber:client' to='x.example'>");
  t.toServer(`<${'n'.repeat(128)} to='a'/><${'n'.repeat(129)} to='a'/>`);
  const c = collect(pcap(t.packets));
  expect(c.messages.slice(1).map(({ fields }) => fields['name'])).toEqual(['n'.repeat(128), `${'n'.repeat(127)}…`]);
});

describe('what commands and answers say', () => {
  it('is told whole, as far as the line is', () => {
    const address = `<${'a'.repeat(3000)}@example.com>`;
    const t = new Conversation({ targetPort: 25 }).toClient('220 x ESMTP\r\n').toServer(`MAIL FROM:${address}\r\n`);
    t.toClient(`250 ${address}\r\n`);
    const c = collect(pcap(t.packets));
    expect(c.messages.map(({ fields }) => fields['argument'] ?? fields['text'])).toEqual([
      'x ESMTP',
      `FROM:${address}`,
      address,
    ]);
  });
});

describe('requests that wait for their answers', () => {
  const ask = (method: string, count: number): string => `${method} /x HTTP/1.1\r\nHost: h\r\n\r\n`.repeat(count);
  const no = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc';
  const head = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n';

  it('are matched to them though the first ones are not remembered, and that is told', () => {
    const t = new Conversation().toServer(`${ask('GET', 10)}${ask('HEAD', 512)}`, 1400);
    t.toClient(`${no.repeat(10)}${head.repeat(512)}`, 1400);
    const c = collect(pcap(t.packets));
    expect(c.flows[0]?.incomplete).toEqual(['cap-streams']);
    const answers = c.messages.filter(({ kind }) => kind === 'http-response');
    expect(answers).toHaveLength(522);
    expect(answers.map(({ fields }) => fields['bodyBytes'])).toEqual([...Array(10).fill(3), ...Array(512).fill(0)]);
    const few = new Conversation().toServer(ask('GET', 512), 1400).toClient(no.repeat(512), 1400);
    expect(collect(pcap(few.packets)).flows[0]?.incomplete).toEqual([]);
  });
});

it('every reason has words in both languages', async () => {
  for (const lang of ['en', 'zh-Hant']) {
    const ui = (await import(`../../../shared/locale/${lang}.json`)) as { default: Record<string, string> };
    const cli = (await import(`../../../shared/locale/cli.${lang}.json`)) as { default: Record<string, string> };
    for (const code of INCOMPLETE) {
      expect(ui.default[`ui.incomplete.${code}`], code).toBeTruthy();
      expect(cli.default[`fault.${code}`], code).toBeTruthy();
    }
    expect(cli.default['fault.cap-links']).toBeTruthy();
  }
});
