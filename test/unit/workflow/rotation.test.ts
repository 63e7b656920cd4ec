import { expect, it } from 'vitest';
import { looksLikeOneRecording } from '../../../shared/model/rotation.ts';

const named = (...names: string[]) =>
  names.map((name, n) => ({ name, firstPacketAt: `2014-08-07T10:${String(n).padStart(2, '0')}:00.000000Z` }));

it.each([
  ['tcpdump -C', named('gw.pcap', 'gw.pcap1', 'gw.pcap2')],
  ['tcpdump -C -W, compressed', named('gw.pcap00.gz', 'gw.pcap01.gz')],
  ['tcpdump -G', named('gw-20140807-1000.pcap', 'gw-20140807-1100.pcap')],
  ['dumpcap', named('gw_00009_20140807100000.pcapng', 'gw_00010_20140807110000.pcapng')],
])('the files of %s are proposed as one recording', (_name, files) => {
  expect(looksLikeOneRecording(files)).toBe(true);
});

it.each([
  ['a single file', named('gw_00001.pcap')],
  ['files of other names', named('before.pcap', 'after.pcap')],
  ['files that begin at the same time', [...named('a1.pcap'), ...named('a2.pcap')]],
  ['a file whose time is not known', [...named('a1.pcap'), { name: 'a2.pcap', firstPacketAt: null }]],
  ['other formats', named('a1.pcap', 'a2.pcapng')],
])('%s: not', (_name, files) => {
  expect(looksLikeOneRecording(files)).toBe(false);
});
