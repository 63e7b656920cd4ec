import { describe, expect, it } from 'vitest';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import { contradictionsOf } from '../../../main/analysis/destinations/contradictions.ts';
import type { CountryDatabase } from '../../../main/analysis/destinations/country-database.ts';
import { deliveryNetworkOf } from '../../../main/analysis/destinations/delivery-networks.ts';
import { describeDestination } from '../../../main/analysis/destinations/describe-destination.ts';
import { makerDomains } from '../../../main/analysis/destinations/maker-domains.ts';
import { buildNameBook, maxNamesTold } from '../../../main/analysis/destinations/name-book.ts';
import { openNetworkDatabase } from '../../../main/analysis/destinations/network-database.ts';
import { recipientNames } from '../../../main/analysis/destinations/recipient-names.ts';
import { registrableDomain } from '../../../main/analysis/destinations/registrable-domain.ts';

const words = (...numbers: number[]): Buffer => Buffer.from(Uint32Array.from(numbers).buffer);
const about = { dataAt: '2026-06-17', name: 'made for this test', caution: null };

/** Two holders: 42.62.48.0 to 42.62.48.255, and the first half of 2400:3200::/32. */
function networkFile(): Buffer {
  const names = ['', 'First Holder', '北京第二'].map((name) => Buffer.from(name));
  const ends = names.map((_, i) => names.slice(0, i + 1).reduce((sum, { length }) => sum + length, 0));
  const first = 42 * 2 ** 24 + 62 * 2 ** 16 + 48 * 256;
  return Buffer.concat([
    Buffer.from('HSNET001'),
    words(2, 2, 3, ends[2] ?? 0),
    words(first, first + 256),
    words(1, 0),
    words(0x24003200, 0x24003200),
    words(0, 0x80000000),
    words(2, 0),
    words(0, 4808, 65551),
    words(...ends),
    ...names,
  ]);
}

describe('the network database', () => {
  const networks = openNetworkDatabase(networkFile(), about);
  it.each([
    ['42.62.47.255', null, null, 'not-in-database'],
    ['42.62.48.0', 4808, 'First Holder', null],
    ['42.62.48.255', 4808, 'First Holder', null],
    ['::ffff:42.62.48.17', 4808, 'First Holder', null],
    ['42.62.49.0', null, null, 'not-in-database'],
    ['1.0.0.1', null, null, 'not-in-database'],
    ['2400:3200::1', 65551, '北京第二', null],
    ['2400:3200:7fff:ffff:1::', 65551, '北京第二', null],
    ['2400:3200:8000::', null, null, 'not-in-database'],
    ['2400:31ff:ffff::1', null, null, 'not-in-database'],
    ['192.168.7.20', null, null, 'private'],
    ['ff02::fb', null, null, 'multicast'],
  ])('%s', (address, asn, holder, reason) => {
    expect(networks.networkOf(address)).toEqual({ asn, holder, reason });
  });
  it.each([0, 1, 2, 3, 4, 12])('is read wherever its bytes begin: %i behind others', (before) => {
    const bytes = networkFile();
    const held = new Uint8Array(before + bytes.length + 5).fill(0xee);
    held.set(bytes, before);
    const there = openNetworkDatabase(held.subarray(before, before + bytes.length), about);
    expect(there.networkOf('42.62.48.17')).toEqual({ asn: 4808, holder: 'First Holder', reason: null });
    expect(there.networkOf('2400:3200::1')).toEqual({ asn: 65551, holder: '北京第二', reason: null });
  });
  it('refuses bytes that are not its own', () => {
    expect(() => openNetworkDatabase(Buffer.alloc(64), about)).toThrow('not a network file');
  });
});

describe('registrable domains', () => {
  it.each([
    ['api.account.xiaomi.com', 'xiaomi.com'],
    ['XIAOMI.com.', 'xiaomi.com'],
    ['www.example.com.tw', 'example.com.tw'],
    ['com.tw', null],
    ['a.b.gov.cn', 'b.gov.cn'],
    ['42.62.48.17', null],
    ['localhost', null],
    ['bad label.com', null],
  ])('%s', (name, domain) => expect(registrableDomain(name)).toBe(domain));
});

it('delivery networks are told by the name of their holder', () => {
  expect(deliveryNetworkOf('Akamai International B.V.')).toBe('Akamai');
  expect(deliveryNetworkOf('Cloudflare, Inc.')).toBe('Cloudflare');
  expect(deliveryNetworkOf('China Unicom Beijing Province Network')).toBeNull();
});

describe('disagreements are shown', () => {
  const codes = (facts: Parameters<typeof contradictionsOf>[0]): string[] =>
    contradictionsOf(facts).map(({ value }) => value);
  it('between address, seat, names asked and certificate', () => {
    expect(codes({ asked: ['api.account.xiaomi.com'], certified: [], country: 'SG' })).toEqual(['seat-elsewhere']);
    expect(codes({ asked: ['api.account.xiaomi.com'], certified: [], country: 'CN' })).toEqual([]);
    expect(codes({ asked: ['a.example.org', 'b.example.net'], certified: [], country: 'SG' })).toEqual([
      'asked-names-differ',
    ]);
    expect(codes({ asked: ['a.example.org'], certified: ['*.example.org'], country: null })).toEqual([]);
    expect(codes({ asked: ['a.b.example.org'], certified: ['*.example.org', 'example.org'], country: null })).toEqual([
      'certificate-differs',
    ]);
    expect(contradictionsOf({ asked: ['miui.com'], certified: [], country: 'SG' })[0]?.note).toContain('CN');
  });
  it('and the seat is cited where it is known', () => {
    for (const { seat } of makerDomains) if (seat !== undefined) expect(seat.source.length).toBeGreaterThan(10);
  });
});

describe('a recipient', () => {
  const at = '2014-08-07T10:00:00.000000Z';
  const flow: Flow = {
    id: 1,
    exhibit: 'E001',
    label: 'before',
    transport: 'tcp',
    client: { address: '192.168.7.20', port: 51234 },
    server: { address: '42.62.48.17', port: 443 },
    serverNames: ['api.account.xiaomi.com'],
    application: 'tls',
    channel: 'tls',
    firstPacketAt: at,
    lastPacketAt: at,
    packets: { toServer: 1, toClient: 1 },
    payloadBytes: { toServer: 1, toClient: 1 },
    app: null,
    streamIndex: 0,
    incomplete: [],
  };
  const certificate: Message = {
    flow: 1,
    exhibit: 'E001',
    kind: 'tls-certificate',
    at,
    frame: 4,
    names: ['other.example.org'],
    issuer: null,
  };
  const countries: CountryDatabase = {
    dataAt: '2026-06-17',
    name: 'countries',
    caution: null,
    countryOf: () => ({ country: 'SG', reason: null }),
  };

  it('has each source with its date, and what they disagree in', () => {
    const networks = openNetworkDatabase(networkFile(), about);
    const told = describeDestination(flow, null, { names: buildNameBook([certificate]), countries, networks });
    expect(told).toMatchObject({ asn: 4808, holder: 'First Holder', country: 'SG', names: ['api.account.xiaomi.com'] });
    const said = told.sources.map(({ what, value, dataAt }) => [what, value, dataAt?.slice(0, 10) ?? null]);
    expect(said).toEqual([
      ['flow-name', 'api.account.xiaomi.com', '2014-08-07'],
      ['certificate', 'other.example.org', '2014-08-07'],
      ['registrable-domain', 'xiaomi.com', null],
      ['maker-table', 'Xiaomi', '2014-08-07'],
      ['country-database', 'SG', '2026-06-17'],
      ['network-database', 'AS4808 First Holder', '2026-06-17'],
      ['contradiction', 'seat-elsewhere', null],
      ['contradiction', 'certificate-differs', null],
    ]);
    expect(told.sources.find(({ what }) => what === 'network-database')?.note).toContain('may have been assigned');
  });
  it('says how many names of a certificate are not among its sources', () => {
    const toldOf = (count: number): [number, string | undefined, string | null | undefined] => {
      const names = Array.from({ length: count }, (_, i) => `h${i}.example.org`);
      const book = buildNameBook([{ ...certificate, names }]);
      const { sources } = describeDestination(flow, null, { names: book, countries, networks: null });
      const of = sources.filter(({ what }) => what === 'certificate');
      return [
        of.length,
        sources.find(({ what }) => what === 'certificate-more')?.value,
        sources.find(({ value }) => value === 'certificate-differs')?.note,
      ];
    };
    const asked = 'asked: api.account.xiaomi.com; certificate: h0.example.org, h1.example.org, h2.example.org';
    expect(toldOf(3)).toEqual([3, undefined, asked]);
    expect(toldOf(4)).toEqual([4, undefined, `${asked}, h3.example.org`]);
    expect(toldOf(20)).toEqual([20, undefined, `${asked}, h3.example.org, 16 more`]);
    expect(toldOf(21)).toEqual([20, '1', `${asked}, h3.example.org, 17 more`]);
  });
  it('is the host that a request to a proxy names, whatever stands in its Host field', () => {
    const asked = (method: string, uri: string, host: string | null): unknown => {
      const body = { bodyBytes: 0, contentType: null };
      const request: Message = {
        flow: 1,
        exhibit: 'E001',
        kind: 'http-request',
        at,
        frame: 4,
        method,
        host,
        uri,
        ...body,
      };
      const bare = { ...flow, serverNames: [] };
      const told = describeDestination(bare, request, { names: buildNameBook([]), countries: null });
      const makers = told.sources.filter(({ what }) => what === 'maker-table' || what === 'contradiction');
      return [told.names, makers.map(({ value }) => value)];
    };
    expect(asked('GET', 'http://api.example.net/p', 'api.account.xiaomi.com')).toEqual([
      ['api.example.net', 'api.account.xiaomi.com'],
      ['Xiaomi', 'asked-names-differ'],
    ]);
    expect(asked('CONNECT', 'api.account.xiaomi.com:443', 'api.account.xiaomi.com.:443')).toEqual([
      ['api.account.xiaomi.com'],
      ['Xiaomi'],
    ]);
    expect(asked('GET', '/p', '')).toEqual([[], []]);
  });

  it('has one name, in whatever case a resolver asked for it', () => {
    const answer = (name: string): Message => ({
      flow: 3,
      exhibit: 'E001',
      kind: 'dns-answer',
      at,
      frame: 1,
      name,
      type: 'A',
      answers: ['42.62.48.17'],
    });
    const names = buildNameBook([answer('aPI.Account.xiaomi.COM'), answer('api.account.xiaomi.com')]);
    expect(names.namesOf('E001', '42.62.48.17', at, '192.168.7.20')).toEqual([{ name: 'api.account.xiaomi.com', at }]);
  });

  describe('by DNS', () => {
    const minute = (n: number): string => `2014-08-07T09:${String(n).padStart(2, '0')}:00.000000Z`;
    const answered = (conversation: number, name: string, after: number): Message => ({
      flow: conversation,
      exhibit: 'E001',
      kind: 'dns-answer',
      at: minute(after),
      frame: after,
      name,
      type: 'A',
      answers: ['42.62.48.17'],
    });
    // 3: this handset; 4: another one; 5: an address of the newer kind; 6: nobody knows; 7: this handset, later than the conversation.
    const answeredTo = new Map([
      [3, '192.168.7.20'],
      [4, '192.168.7.21'],
      [5, 'fd00::20'],
      [7, '192.168.7.20'],
    ]);
    const bare = { ...flow, serverNames: [], firstPacketAt: minute(30) };
    const told = (messages: readonly Message[], of: Flow = bare): unknown[] => {
      const names = buildNameBook(messages, answeredTo);
      const destination = describeDestination(of, null, { names, countries: null });
      const dns = destination.sources.filter(({ what }) => what.startsWith('dns'));
      return [destination.names, dns.map(({ what, value, note }) => [what, value, note])];
    };
    const [mine, others] = [answered(3, 'mine.example', 9), answered(4, 'other.example', 1)];

    it('is what this handset was answered; what another one was is told as that', () => {
      expect(told([others, mine])).toEqual([
        ['mine.example'],
        [
          ['dns', 'mine.example', null],
          ['dns-other-client', 'other.example', '192.168.7.21'],
        ],
      ]);
      expect(told([answered(4, 'mine.example', 1), mine])).toEqual([['mine.example'], [['dns', 'mine.example', null]]]);
      // Its own answer says more, though it came later, and so does what the conversation itself asks for.
      expect(told([others, answered(7, 'mine.example', 40)])).toEqual([
        ['mine.example'],
        [
          ['dns', 'mine.example', null],
          ['dns-other-client', 'other.example', '192.168.7.21'],
        ],
      ]);
      expect(told([others], { ...bare, serverNames: ['asked.example'] })).toEqual([
        ['asked.example'],
        [['dns-other-client', 'other.example', '192.168.7.21']],
      ]);
    });

    it('of an address with thousands of names is told by those answered last before the conversation, and how many more there are', () => {
      const many = Array.from({ length: 3000 }, (_, i) => ({
        ...answered(3, `n${i}.example`, 5),
        at: `2014-08-07T09:05:00.${String(i).padStart(6, '0')}Z`,
      }));
      const [names, sources] = told([...many, answered(3, 'later.example', 40), others]) as [string[], unknown[][]];
      expect(names).toEqual(many.slice(-maxNamesTold).map((one) => (one.kind === 'dns-answer' ? one.name : '')));
      expect(sources).toHaveLength(maxNamesTold + 1);
      // 2960 of its own, and the one of another client.
      expect(sources.slice(-2)).toEqual([
        ['dns', 'n2999.example', null],
        ['dns-more', '2961', null],
      ]);
      const before = { ...bare, firstPacketAt: minute(1) };
      const [afterwards, noted] = told(many, before) as [string[], unknown[][]];
      expect(afterwards).toEqual(many.slice(0, maxNamesTold).map((one) => (one.kind === 'dns-answer' ? one.name : '')));
      expect(noted.at(-1)).toEqual(['dns-more', '2960', null]);
      const exactly = told(many.slice(0, maxNamesTold)) as [string[], unknown[][]];
      expect(exactly[1].every(([what]) => what === 'dns')).toBe(true);
    });

    it('of a conversation with hundreds of servers names the first, and how many more there are', () => {
      const serverNames = Array.from({ length: 200 }, (_, i) => `host${i}.example`);
      const destination = describeDestination({ ...bare, serverNames }, null, {
        names: buildNameBook([]),
        countries: null,
      });
      expect(destination.names).toEqual(serverNames.slice(0, 40));
      expect(destination.sources.filter(({ what }) => what === 'flow-name').at(-1)?.value).toBe('host39.example');
      expect(destination.sources.find(({ what }) => what === 'flow-name-more')?.value).toBe('160');
    });

    it('is what another one was answered where nothing else names it', () => {
      expect(told([others])).toEqual([['other.example'], [['dns-other-client', 'other.example', '192.168.7.21']]]);
    });

    it('is what may have been answered to the handset: at its other kind of address, or to nobody knows whom', () => {
      expect(told([answered(5, 'newer.example', 2), answered(6, 'open.example', 3), mine])).toEqual([
        ['mine.example', 'newer.example', 'open.example'],
        [
          ['dns', 'mine.example', null],
          ['dns', 'newer.example', null],
          ['dns', 'open.example', null],
        ],
      ]);
      // Of an address of the newer kind nobody knows whose else it is: all count, in the order of their time.
      const newer = { ...bare, client: { address: 'fd00::21', port: 1 } };
      expect(told([others, answered(5, 'newer.example', 2)], newer)).toEqual([
        ['other.example', 'newer.example'],
        [
          ['dns', 'other.example', null],
          ['dns', 'newer.example', null],
        ],
      ]);
    });
  });

  it('has no holder without a database, and none that is claimed for an address of the own network', () => {
    expect(describeDestination(flow, null, { names: buildNameBook([]), countries: null })).toMatchObject({
      asn: null,
      holder: null,
    });
    const home = { ...flow, server: { address: '10.0.0.1', port: 80 } };
    const networks = openNetworkDatabase(networkFile(), about);
    const told = describeDestination(home, null, { names: buildNameBook([]), countries: null, networks });
    expect(told.sources.some(({ what }) => what === 'network-database')).toBe(false);
  });
});

describe('names by which something is laid to an owner’s account', () => {
  const told = (...sources: readonly (readonly [string, string])[]): readonly string[] =>
    recipientNames({
      names: [...new Set(sources.map(([, value]) => value))],
      sources: sources.map(([what, value]) => ({ what, value, dataAt: null, note: null })),
    });

  it('are not those that an address has in other conversations', () => {
    const shared = ['dns', 'api.account.xiaomi.com'] as const;
    expect(told(['http-host', 'a.example'], ['dns', 'a.example'], shared)).toEqual(['a.example']);
    expect(told(['flow-name', 'a.example'], shared, ['dns', 'a.example'])).toEqual(['a.example']);
    // A Host field that no answer goes with may say anything.
    expect(told(['http-host', 'a.example'], shared)).toEqual(['a.example', 'api.account.xiaomi.com']);
    expect(told(shared)).toEqual(['api.account.xiaomi.com']);
  });

  it('are not those of other requests to the same proxy', () => {
    expect(told(['http-target', 'a.example'], ['flow-name', 'api.account.xiaomi.com'])).toEqual(['a.example']);
  });
});
