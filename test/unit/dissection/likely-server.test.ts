import { describe, expect, it } from 'vitest';
import { collect } from './collector.ts';
import { Conversation } from './conversation.ts';
import { CLIENT, ethernet, ipv4, ipv6, pcap, SERVER, tcp, udp, udpDatagram } from './packet-builder.ts';

const SECRET = '\u0007\u0002id=490154203237518;';

/** The handset's words and the server's, of a capture that begins in the middle; which of them speaks first. */
function middle(targetPort: number, first: 'server' | 'client'): Buffer[] {
  const t = new Conversation({ sourcePort: 50_000, targetPort, syn: false });
  if (first === 'server') t.toClient('\u0007\u0001hello');
  return t.toServer(SECRET).toClient('\u0007\u0003ok').packets;
}

describe('who opened a conversation whose opening was not captured', () => {
  it.each([80, 1883, 5228, 8883, 9999, 40_000, 60_000])('TCP, server on port %i, whoever speaks first', (port) => {
    for (const first of ['server', 'client'] as const) {
      const c = collect(pcap(middle(port, first)), { needle: '490154203237518' });
      expect(c.flows[0]).toMatchObject({ clientAddress: CLIENT, serverAddress: SERVER, serverPort: port });
      expect(c.found).toHaveLength(1);
      expect(c.sequences.find((s) => s.bytes.includes('490154203237518'))?.way).toBe(0);
    }
  });

  it('an empty acknowledgement of the server tells no more', () => {
    const ports = { sourcePort: 50_000, targetPort: 5228 };
    const packets = [
      tcp({ from: SERVER, to: CLIENT, sourcePort: 5228, targetPort: 50_000, seq: 5, ack: 9, flags: 'A' }),
      tcp({ ...ports, seq: 9, ack: 5, flags: 'PA', payload: SECRET }),
    ];
    expect(collect(pcap(packets)).flows[0]).toMatchObject({ clientAddress: CLIENT, serverAddress: SERVER });
  });

  it.each(['93.184.216.34', '172.32.0.1', '192.169.0.1', '100.128.0.1'])('UDP with a server at %s', (server) => {
    for (const handset of ['10.1.2.3', '172.31.255.1', '192.168.1.5', '100.127.0.1']) {
      const packets = [udp(5000, 45_000, 'hi', server, handset), udp(45_000, 5000, SECRET, handset, server)];
      const c = collect(pcap(packets), { needle: '490154203237518' });
      expect(c.flows[0]).toMatchObject({ clientAddress: handset, serverAddress: server });
      expect(c.found).toHaveLength(1);
      expect(c.sequences.find((s) => s.bytes.includes('490154203237518'))?.way).toBe(0);
    }
  });

  it('IPv6: a local address beyond which the server is', () => {
    const [handset, server] = ['fd000000000000000000000000000005', '20010db8000000000000000000000001'];
    const packets = [ethernet(ipv6(udpDatagram(5000, 45_000, 'hi'), 17, server, handset), 0x86dd)];
    expect(collect(pcap(packets)).flows[0]).toMatchObject({ clientPort: 45_000, serverPort: 5000 });
  });

  it('an answer to an echo request that was not captured, and protocols without ports', () => {
    const first = (protocol: number, from: string, to: string, payload: string): unknown =>
      collect(pcap([ethernet(ipv4(Buffer.from(payload, 'latin1'), { from, to, protocol }))])).flows[0]?.clientAddress;
    const ping = `\0\0\0\0\u0001\0\u0001${SECRET}`;
    expect(first(1, SERVER, CLIENT, `\0${ping}`)).toBe(CLIENT);
    expect(first(1, SERVER, CLIENT, `\u0008${ping}`)).toBe(SERVER);
    expect(first(1, CLIENT, SERVER, `\u0008${ping}`)).toBe(CLIENT);
    expect(first(200, SERVER, CLIENT, SECRET)).toBe(CLIENT);
    expect(first(200, CLIENT, SERVER, SECRET)).toBe(CLIENT);
    expect(first(200, '10.0.0.9', CLIENT, SECRET)).toBe('10.0.0.9');
  });

  it('leaves the first to speak the client where nothing else tells, and the opener the client where it was seen', () => {
    const peers = { from: '10.0.0.5', to: '10.0.0.9', sourcePort: 40_000, targetPort: 41_000 };
    const unknown = collect(pcap([tcp({ ...peers, seq: 1, flags: 'PA', payload: 'x' })]));
    expect(unknown.flows[0]).toMatchObject({ clientPort: 40_000 });
    const inward = { from: SERVER, to: CLIENT, sourcePort: 6000, targetPort: 45_000 };
    expect(collect(pcap([tcp({ ...inward, seq: 1, flags: 'S' })])).flows[0]).toMatchObject({ clientAddress: SERVER });
  });
});
