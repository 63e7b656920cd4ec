import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Collected, collect } from '../unit/dissection/collector.ts';

const DATA = process.env['HANDSIGHT_REAL_DATA'] ?? join(import.meta.dirname, '../../../shared/data');
const FOLDER = join(DATA, 'captures');
const PRESENT = existsSync(FOLDER);

// What tshark 4.0.17 says of these files; the commands stand beside the figures. `F` is the file.
const MAC = '00:0b:82:01:fc:42';

/** `tshark -r F -Y dhcp -T fields -e frame.number -e dhcp.option.dhcp -e dhcp.hw.mac_addr`; 0: the packet was cut before it. */
const DHCP: Readonly<Record<string, readonly (readonly [frame: number, type: number])[]>> = {
  'pcapFS__system__system-tests.pcapng': [
    [1, 1],
    [2, 2],
  ],
  'pcapng-test-generator__output_be__advanced__test100.pcapng': [
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 5],
  ],
  'pcapng-test-generator__output_le__basic__test018.pcapng': [
    [2, 1],
    [3, 2],
    [5, 3],
    [7, 5],
  ],
  'pcapng-test-generator__output_be__advanced__test101.pcapng': [
    [1, 0],
    [2, 0],
    [3, 0],
  ],
  'pcapng-test-generator__output_le__basic__test004.pcapng': [
    [1, 0],
    [2, 0],
    [3, 0],
    [4, 0],
  ],
};
const DHCP_TYPES: Readonly<Record<number, string | null>> = {
  0: null,
  1: 'discover',
  2: 'offer',
  3: 'request',
  5: 'ack',
};

const GTP = 'zeek__tunnels__gtp__gtp_create_pdp_ctx.pcap';
const MAIL = 'suricata-verify__smtp-to-comma__10.7.29.101_49898-178.63.41.150_25.pcap';
const FUZZED = 'nDPI__fuzz-2006-06-26-2594.pcap';
const WLAN = 'zeek__radiotap.pcap';

const read = (file: string, needle?: string): Collected =>
  collect(readFileSync(join(FOLDER, file)), needle === undefined ? {} : { needle });

describe.skipIf(!PRESENT)('small protocols in captures nobody here wrote, against tshark 4.0.17', () => {
  it.each(Object.entries(DHCP))('DHCP in %s: each message, each address', (file, truth) => {
    const c = read(file, MAC);
    const ours = c.messages.filter((m) => m.kind === 'dhcp');
    expect(ours.map((m) => [m.frame, m.fields['type']])).toEqual(
      truth.map(([frame, type]) => [frame, DHCP_TYPES[type]]),
    );
    expect(ours.every((m) => m.fields['hardwareAddress'] === MAC)).toBe(true);
    const places = c.found.map((f) => f.field);
    expect(places.filter((field) => field === 'dhcp.chaddr')).toHaveLength(truth.length);
    // tshark shows the address twice in what clients say: as client id too.
    const asking = truth.filter(([, type]) => type === 1 || type === 3).length;
    expect(places.filter((field) => field === 'dhcp.client_id')).toHaveLength(asking);
  });

  it('GTP-C: subscriber and number (tshark -T fields -e e212.imsi -e e164.msisdn)', () => {
    const c = read(GTP, '460004100000101');
    expect(c.messages.filter((m) => m.kind === 'gtp-c')).toMatchObject([
      {
        frame: 2,
        fields: { type: 'create-pdp-context-request', imsi: '460004100000101', msisdn: '8615221000101', imei: null },
      },
      { frame: 3, fields: { type: 'create-pdp-context-response', imsi: null } },
    ]);
    expect(c.found).toMatchObject([{ field: 'gtp.imsi', frames: [2], decodings: ['tbcd'] }]);
  });

  it('SMTP: the commands (tshark -Y smtp.req), and those that tshark takes for a mail although DATA was refused', () => {
    const commands = read(MAIL).messages.filter((m) => m.kind === 'command');
    expect(commands.map((m) => [m.frame, m.fields['command']])).toEqual([
      [5, 'EHLO'],
      [8, 'MAIL'],
      [8, 'RCPT'],
      [8, 'DATA'],
      // Frame 10 answers 553, 503, 503: there is no mail, these are commands.
      [11, 'RSET'],
      [14, 'MAIL'],
      [14, 'RCPT'],
      [14, 'DATA'],
    ]);
  });

  it('a multicast question for the name of an address tells the MAC in it (dns.qry.name: 4.5.C.E.7.F.E.F.F.F.6.0.7.6.6.A…)', () => {
    const found = read(WLAN, 'a4:67:06:f7:ec:54').found.map((f) => [f.field, f.decodings, f.frames]);
    expect(found).toContainEqual(['dns.arpa.mac', ['eui-64'], [3]]);
  });

  it('fuzzed conversations: as many SIP requests, FTP answers and DHCP messages as tshark sees, to within what was broken', () => {
    const count = (kind: string): number => read(FUZZED).messages.filter((m) => m.kind === kind).length;
    // tshark -Y sip.Request-Line: 28; sip.Status-Line: 24; dhcp: 2; ftp.response.code: 4.
    expect(Math.abs(count('sip-request') - 28)).toBeLessThanOrEqual(2);
    expect(Math.abs(count('sip-response') - 24)).toBeLessThanOrEqual(2);
    expect(count('dhcp')).toBe(2);
    expect(count('reply')).toBe(4);
  });
});

if (!PRESENT) {
  it.skip(`captures nobody here wrote: none in ${FOLDER} (set HANDSIGHT_REAL_DATA)`, () => undefined);
}

describe.skipIf(!PRESENT)('a recording that brings its own secrets, against tshark 4.0.17', () => {
  // `tshark -r F -V`: frame 2 holds the Certificate, frame 3 a control stream with SETTINGS 01000700; frame 7 only
  // PATH_CHALLENGE, TIMESTAMP and ACK_ECN.
  it('QUIC: certificate and settings of HTTP/3, and nothing that makes no sense', () => {
    const c = read('nDPI__quic-33.pcapng');
    expect(c.messages.find((m) => m.kind === 'tls-certificate')).toMatchObject({
      frame: 2,
      fields: { names: ['test.example.com'], issuer: 'picotls test ca', contentKnownBy: 'keylog' },
    });
    const opened = c.sequences.filter((s) => s.decodings.includes('quic-keylog'));
    expect(opened.map((s) => s.bytes.toString('hex'))).toEqual(['01000700']);
    expect(c.flows).toMatchObject([{ application: 'http3', channel: 'quic', incomplete: [] }]);
  });
});
