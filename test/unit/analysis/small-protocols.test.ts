import { describe, expect, it } from 'vitest';
import { withoutTwins } from '../../../main/analysis/detectors/decoded-twins.ts';
import type { PlacedHit } from '../../../main/analysis/detectors/finding-input.ts';
import { createSearcher } from '../../../main/analysis/search/searcher.ts';
import { encodeBase32 } from '../../../main/analysis/transforms/base32.ts';
import { compilePatterns } from '../../../main/analysis/transforms/compile-patterns.ts';
import { createDissector } from '../../../main/dissection/dissector.ts';
import { Conversation } from '../dissection/conversation.ts';
import { dns, pcap, udp } from '../dissection/packet-builder.ts';
import {
  bytes,
  coapGet,
  dhcpMessage,
  gtpV1Create,
  gtpV2Create,
  IMEI,
  IMSI,
  MAC,
  MAC_TEXT,
  mqttConnect,
  NUMBER,
  updateLocation,
} from '../dissection/protocol-fixtures.ts';

const identifiers = (
  [
    ['imei', IMEI],
    ['imsi', IMSI],
    ['msisdn', `+${NUMBER}`],
    ['wifi-mac', MAC_TEXT],
  ] as const
).map(([kind, value], i) => ({ id: `I${i + 1}`, handset: 'H1', kind, value }));

/** Hits of a capture as a rule gets them: kind, form, field, decodings, frames. */
function hitsIn(capture: Buffer): unknown[] {
  const placed: PlacedHit[] = [];
  const searcher = createSearcher(compilePatterns(identifiers), (hit) =>
    placed.push({ hit, exhibit: 'E001', flow: hit.flow, message: null }),
  );
  const dissector = createDissector({
    run: (run, origin) => searcher.run(run, origin),
    endSequence: (sequence) => searcher.endSequence(sequence),
    message: () => undefined,
    flow: () => undefined,
  });
  dissector.push(capture);
  dissector.finish();
  searcher.finish();
  return withoutTwins(placed)
    .map(({ hit }) => [hit.kind, hit.form, hit.origin.field, hit.decodings.join(), hit.transform.join(), hit.edges])
    .sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

describe('identifiers in small protocols are found exactly once', () => {
  it.each([
    ['gtp', gtpV1Create],
    ['gtpv2', gtpV2Create],
  ] as const)('in %s, from telephony BCD', (name, build) => {
    expect(hitsIn(pcap([udp(50_000, 2123, build())]))).toEqual([
      ['imei', 'imeisv', `${name}.imei`, 'tbcd', '', 'clean'],
      ['imsi', null, `${name}.imsi`, 'tbcd', '', 'clean'],
      ['msisdn', 'e164-digits', `${name}.msisdn`, 'tbcd', '', 'clean'],
    ]);
  });

  it('in Diameter, from text and from telephony BCD', () => {
    const t = new Conversation({ targetPort: 3868 }).toServer(updateLocation());
    expect(hitsIn(pcap(t.packets))).toEqual([
      ['imei', 'imei-14', 'diameter.imei', '', '', 'clean'],
      ['imsi', null, 'diameter.user_name', '', '', 'clean'],
      ['msisdn', 'e164-digits', 'diameter.msisdn', 'tbcd', '', 'clean'],
    ]);
  });

  it('in DHCP, a binary address', () => {
    const request = dhcpMessage({
      options: [
        [53, bytes(3)],
        [61, Buffer.concat([bytes(1), MAC])],
      ],
    });
    expect(hitsIn(pcap([udp(68, 67, request, '0.0.0.0', '255.255.255.255')]))).toEqual([
      ['wifi-mac', null, 'dhcp.chaddr', 'dhcp', '', 'clean'],
      ['wifi-mac', null, 'dhcp.client_id', 'dhcp', '', 'clean'],
    ]);
  });

  it('in MQTT and CoAP, as they lie', () => {
    const t = new Conversation({ targetPort: 1883 }).toServer(mqttConnect(4));
    expect(hitsIn(pcap([...t.packets, udp(50_000, 5683, coapGet())]))).toEqual([
      ['imei', null, 'coap.uri_query', '', '', 'clean'],
      ['imei', null, 'mqtt.clientid', '', '', 'clean'],
      ['msisdn', 'e164-digits', 'mqtt.username', '', '', 'clean'],
    ]);
  });

  it('in names: split over labels, and whole in one of them although its neighbours look like pieces', () => {
    const split = dns(`${IMEI.slice(0, 7)}.${IMEI.slice(7)}.t.example`, 1);
    expect(hitsIn(pcap([udp(50_000, 53, split)]))).toEqual([['imei', null, 'dns.qry.name', 'dns-labels', '', 'clean']]);
    const base32 = encodeBase32(Buffer.from(IMEI)).toLowerCase();
    for (const name of [
      base32,
      `${base32.slice(0, 16)}.${base32.slice(16)}`,
      `d-${base32.slice(0, 12)}.${base32.slice(12)}`,
    ])
      expect(hitsIn(pcap([udp(50_000, 53, dns(`${name}.t.example`, 1))])), name).toMatchObject([
        ['imei', null, 'dns.qry.name', expect.any(String), 'base32', expect.any(String)],
      ]);
    const whole = dns(`v2.${IMEI}.t.example`, 1);
    expect(hitsIn(pcap([udp(50_000, 53, whole)]))).toEqual([['imei', null, 'dns.qry.name', '', '', 'clean']]);
  });
});
