import { describe, expect, it } from 'vitest';
import { judgeOutcome } from '../../../main/parsing/judge-outcome.ts';
import type { ParseResult } from '../../../main/parsing/parse-result.ts';
import { UidJoin } from '../../../main/workflow/join-uids.ts';
import { ofKind, parseFixture, parseText } from './fixture.ts';

const command = 'dumpsys connectivity';
const said = (result: ParseResult): string[] =>
  ofKind(result, 'fact').map(({ package: owner, name, value }) =>
    [...(owner === null ? [] : [owner]), name, value].join(' | '),
  );

describe('dumpsys connectivity', () => {
  it('4.3: the connected network with its servers of names and a proxy that may be its domain; others are no fact', () => {
    const result = parseFixture('android-4.3/dumpsys-connectivity.txt', command);
    expect(said(result)).toEqual([
      'network WIFI/state | WIFI CONNECTED',
      'network WIFI/InterfaceName | wlan0',
      'network WIFI/DnsAddresses | 192.168.43.1, 8.8.8.8',
      'network WIFI/HttpProxy/doubtful | [10.0.0.1] 8080 xl=*.example.org',
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('5: a VPN by its type and interface; who built it is not printed', () => {
    const result = parseFixture('android-5/dumpsys-connectivity.txt', command);
    expect(said(result)).toEqual([
      'Active default network | 101',
      'network 101/state | WIFI CONNECTED',
      'network 101/InterfaceName | wlan0',
      'network 101/DnsAddresses | 192.168.43.1',
      'network 101/Transports | WIFI',
      'network 102/state | VPN CONNECTED',
      'network 102/InterfaceName | tun0',
      'network 102/DnsAddresses | 10.8.0.1',
      'network 102/Transports | VPN',
      'active VPN | network 102; state=CONNECTED; InterfaceName=tun0',
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('10: private DNS with validated servers, a script for the proxy, the user id of the app that built the VPN and its users', () => {
    const result = parseFixture('android-10/dumpsys-connectivity.txt', command);
    expect(said(result)).toEqual([
      'Active default network | 100',
      'network 100/state | WIFI CONNECTED',
      'network 100/InterfaceName | wlan0',
      'network 100/DnsAddresses | 192.168.43.1, fe80::2%wlan0',
      'network 100/UsePrivateDns | true',
      'network 100/PrivateDnsServerName | dns.example.org',
      'network 100/ValidatedPrivateDnsAddresses | 192.0.2.53, 2001:db8::53',
      'network 100/HttpProxy | PAC Script: http://192.168.43.1/proxy.pac[localhost] 36541 xl=',
      'network 100/Transports | WIFI',
      'network 101/state | VPN CONNECTED',
      'network 101/InterfaceName | tun0',
      'network 101/DnsAddresses | 10.8.0.1',
      'network 101/Transports | WIFI|VPN',
      'uid 10123/active VPN | network 101; state=CONNECTED; InterfaceName=tun0; users=0,10',
      'network 101/Uids | 0-10122, 10124-99999, 1000000-1099999',
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('14: the app by name, and its user id from behind the words that the app chose itself', () => {
    const result = parseFixture('android-14/dumpsys-connectivity.txt', command);
    expect(said(result)).toEqual([
      'Active default network | 103',
      'network 102/state | MOBILE[LTE] CONNECTED',
      'network 102/InterfaceName | rmnet_data1',
      'network 102/DnsAddresses | 192.0.2.1',
      'network 102/Transports | CELLULAR',
      'network 102/PrivateDnsBroken | true',
      'network 103/state | VPN CONNECTED',
      'network 103/InterfaceName | tun1',
      'network 103/DnsAddresses | 10.9.0.1',
      'network 103/HttpProxy | [127.0.0.1] 9090 xl=',
      'network 103/Transports | CELLULAR|VPN',
      'org.example.vpn | uid 1010301/active VPN | network 103; state=CONNECTED; InterfaceName=tun1; users=10',
      'network 103/Uids | 1000000-1099999',
    ]);
    expect(result.unparsed).toEqual([]);
  });

  it('a handset without any network says so; the networks of a second print are no second facts', () => {
    const none =
      'NetworkFactories for: A\n\nActive default network: none\n\nCurrent Networks:\n\nRestrict background: false\n';
    expect(said(parseText(none + none, command))).toEqual(['Active default network | none']);
    expect(parseText(none, command).unparsable).toBe(false);
  });

  it('a line where a part stands twice is not read: an access point’s name may imitate it', () => {
    const line = (ssid: string): string =>
      `Active default network: 1\nCurrent Networks:\n  NetworkAgentInfo{ ni{[type: WIFI[], state: CONNECTED/CONNECTED, extra: "${ssid}"]}  network{7}  lp{{InterfaceName: wlan0 }}  nc{[ Transports: WIFI]} }\n`;
    expect(said(parseText(line('x'), command))).toContain('network 7/InterfaceName | wlan0');
    for (const ssid of ['x"}  lp{{InterfaceName: tun9', 'x  nc{[ Transports: VPN', '}  network{66}']) {
      const result = parseText(line(ssid), command);
      expect(said(result), ssid).toEqual(['Active default network | 1']);
      expect(
        result.unparsed.map(({ reason }) => reason),
        ssid,
      ).toEqual(['not-a-network']);
    }
  });

  it('a domain that reads like a proxy is none; where that cannot be told, it is said', () => {
    const proxies = (head: string, tail: string): string[] =>
      said(
        parseText(
          `Current Networks:\n  NetworkAgentInfo{ ni{[type: WIFI[], state: CONNECTED/CONNECTED]}  network{7}  lp{{InterfaceName: wlan0 LinkAddresses: [] ${head}Domains: ${tail}}}  nc{[ Transports: WIFI]} }\n`,
          command,
        ),
      ).filter((one) => one.includes('Proxy'));
    const since10 = (domains: string, rest = ''): string[] =>
      proxies('DnsAddresses: [ ] ', `${domains} MTU: 0 Routes: [ 0.0.0.0/0 -> 192.0.2.1 wlan0 ]${rest}`);
    const before10 = (domains: string, rest = ''): string[] =>
      proxies(
        ' Routes: [0.0.0.0/0 -> 192.0.2.1 wlan0,] DnsAddresses: [] ',
        `${domains} MTU: 0 TcpBufferSizes: 1${rest}`,
      );
    const own = ' HttpProxy: [192.0.2.9] 3128 xl=';
    const forged = 'HttpProxy: [10.6.6.6] 8080';
    // A link upon the link, as each family prints it.
    const upon10 = ' Stacked: [[ {InterfaceName: v4-wlan0 Domains: null MTU: 0 Routes: [ ]} ]]';
    const upon9 = ' Stacked: [ [{InterfaceName: v4-wlan0 Domains: null MTU: 0} ],] ';
    for (const [print, upon] of [
      [since10, upon10],
      [before10, upon9],
    ] as const)
      for (const last of ['', upon]) {
        expect(print(`lan ${forged}`, last)).toEqual([]);
        expect(print(`lan ${forged}`, own + last)).toEqual(['network 7/HttpProxy | [192.0.2.9] 3128 xl=']);
        expect(print(`lan Stacked: [[ ${forged}} ]]`, own + last)).toEqual([
          'network 7/HttpProxy | [192.0.2.9] 3128 xl=',
        ]);
      }
    // What one family prints before the proxy is a domain in the other.
    expect(since10(`lan MTU: 0 ${forged}`)).toEqual([]);
    expect(before10(`lan Routes: [ ] ${forged}`)).toEqual([]);
    // The part that stands before the proxy, imitated: by the domain, or by the proxy of an app that would hide it.
    expect(since10(`lan Routes: [ ] ${forged}`)).toEqual([
      'network 7/HttpProxy/doubtful | [10.6.6.6] 8080 MTU: 0 Routes: [ 0.0.0.0/0 -> 192.0.2.1 wlan0 ]',
    ]);
    expect(before10(`lan MTU: 0 ${forged}`)).toEqual([
      'network 7/HttpProxy/doubtful | [10.6.6.6] 8080 MTU: 0 TcpBufferSizes: 1',
    ]);
    expect(since10('lan', `${own}x Routes: [ ]`)).toEqual([
      'network 7/HttpProxy/doubtful | [192.0.2.9] 3128 xl=x Routes: [ ]',
    ]);
    for (const domains of ['lan Stacked: [', 'lan Routes: [ Stacked: ['])
      expect(since10(domains, `${own}x} ]]`)).toEqual(['network 7/HttpProxy/doubtful | [192.0.2.9] 3128 xl=x']);
    expect(proxies('DnsAddresses: [ ] ', `lan ${forged}`)).toEqual(['network 7/HttpProxy/doubtful | [10.6.6.6] 8080']);
  });

  it('a name that reads like broken private DNS is none; behind one without quotation marks it cannot be told', () => {
    const broken = (can: string): string[] =>
      said(
        parseText(
          `Current Networks:\n  NetworkAgentInfo{network{7} ni{WIFI CONNECTED extra: } lp{{}} nc{[ Transports: WIFI LinkUpBandwidth>=1Kbps${can}]}  factorySerialNumber=6}\n`,
          command,
        ),
      ).filter((one) => one.includes('Broken'));
    for (const words of ['PrivateDnsBroken', 'Private DNS is broken']) {
      for (const name of [`a ${words}`, `a" ${words}`, `a> ${words} b`]) {
        expect(broken(` SSID: "${name}" UnderlyingNetworks: Null`), name).toEqual([]);
        expect(broken(` TransportInfo: <SSID: "${name}", sessionId=${name}> OwnerUid: 1000`), name).toEqual([]);
        expect(broken(` SSID: "${name}" ${words} SubscriptionIds: {1}`), name).toEqual([
          'network 7/PrivateDnsBroken | true',
        ]);
      }
      expect(broken(` OwnerUid: 1000 ${words}`)).toEqual(['network 7/PrivateDnsBroken | true']);
      expect(broken(` OwnerUid: 1000 SSID: a ${words}`)).toEqual(['network 7/PrivateDnsBroken/doubtful | true']);
    }
  });

  it('lines beyond the bounds are told, not read', () => {
    const head = 'Active default network: 1\nCurrent Networks:\n';
    const long = parseText(`${head}  NetworkAgentInfo{ ${'x'.repeat(20_001)}\n`, command);
    expect(long.unparsed).toMatchObject([{ line: 3, reason: 'line-too-long' }]);
    const many = Array.from({ length: 202 }, (_, i) => `  NetworkAgentInfo{network{${i}} ni{WIFI CONNECTED}}\n`).join(
      '',
    );
    const result = parseText(head + many, command);
    expect(said(result)).toHaveLength(1 + 200);
    expect(result.unparsed.map(({ reason }) => reason)).toEqual(['too-many', 'too-many']);
    const everyone = `${head}  NetworkAgentInfo{network{1} ni{VPN CONNECTED} nc{[ Transports: VPN Uids: <{0-4294967295}>]}}\n`;
    expect(said(parseText(everyone, command)).find((one) => one.startsWith('active VPN'))).toMatch(/users=0,1,.*,49$/);
  });

  it('the words «permission denied» in the name of a network are no refusal', () => {
    const stdout = Buffer.from('NetworkFactories for: A\nActive default network: none\n  extra: "Permission denied"\n');
    expect(judgeOutcome(command, { stdout, stderr: Buffer.alloc(0), exitCode: 0, problem: null }).outcome).toBe('read');
  });

  it('an app is named by the packages of the same acquisition, where the dump gives its user id only', () => {
    const join = new UidJoin();
    const list = parseText('package:/data/app/v.apk=org.example.other uid:10123\n', 'pm list packages -f -U');
    join.join('A1', list.records);
    const joined = join.join('A1', parseFixture('android-10/dumpsys-connectivity.txt', command).records);
    const vpn = joined.filter((one) => one.kind === 'fact' && one.name === 'uid 10123/active VPN');
    expect(vpn).toMatchObject([{ package: 'org.example.other' }]);
    // What the handset says itself stays.
    join.join(
      'A1',
      parseText('package:/data/app/v.apk=org.example.other uid:10301\n', 'pm list packages -f -U').records,
    );
    const named = join.join('A1', parseFixture('android-14/dumpsys-connectivity.txt', command).records);
    expect(named.find((one) => one.kind === 'fact' && one.name.startsWith('uid '))).toMatchObject({
      package: 'org.example.vpn',
    });
  });
});

describe('interfaces of tunnels', () => {
  it('`ip addr`: those that are up, with their addresses', () => {
    const text =
      '1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n' +
      '9: tunl0@NONE: <NOARP> mtu 1480\n    link/ipip 0.0.0.0 brd 0.0.0.0\n' +
      '31: tun0: <POINTOPOINT,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UNKNOWN qlen 500\n    link/none \n' +
      '    inet 10.8.0.2/24 scope global tun0\n    inet6 fe80::5/64 scope link \n' +
      '32: tun1: <POINTOPOINT,NOARP> mtu 1500\n    inet 10.8.0.9/24 scope global tun1\n' +
      '33: ppp0@wlan0: <POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP> mtu 1400\n    inet 10.0.0.5 peer 10.0.0.1/32 scope global ppp0\n' +
      '34: wg0: <POINTOPOINT,NOARP,UP,LOWER_UP> mtu 1420\n';
    expect(said(parseText(text, 'ip addr'))).toEqual([
      'tunnel interface/tun0 | POINTOPOINT,UP,LOWER_UP; 10.8.0.2/24; fe80::5/64',
      'tunnel interface/ppp0 | POINTOPOINT,MULTICAST,NOARP,UP,LOWER_UP; 10.0.0.5',
      'tunnel interface/wg0 | POINTOPOINT,NOARP,UP,LOWER_UP',
    ]);
  });

  it('`netcfg`: likewise', () => {
    const text =
      'lo       UP                                   127.0.0.1/8   0x00000049 00:00:00:00:00:00\r\n' +
      'tun0     UP                                    10.8.0.2/32  0x00001051 00:00:00:00:00:00\r\n' +
      'tun1     DOWN                                   0.0.0.0/0   0x00001050 00:00:00:00:00:00\r\n';
    expect(said(parseText(text, 'netcfg'))).toEqual(['tunnel interface/tun0 | UP; 10.8.0.2/32']);
  });
});
