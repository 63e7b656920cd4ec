import { describe, expect, it } from 'vitest';
import { KeyLog } from '../../../../main/dissection/keylog/key-log.ts';
import { type Collected, collect } from '../collector.ts';
import { pcap } from '../packet-builder.ts';
import { type Exchange, IMEI, packetsOf, RENEGOTIATED } from './tls-exchanges.ts';

function dissect(one: Exchange, keyLog: string, pieceBytes?: number): Collected {
  const log = new KeyLog();
  log.add(Buffer.from(keyLog));
  return collect(pcap(packetsOf(one, pieceBytes)), { needle: IMEI, keyLog: log });
}
const linesOf = (one: Exchange): string[] => one.keyLog.trim().split('\n');

describe.each(RENEGOTIATED.map((one) => [one.name, one] as const))('a second handshake, %s', (name, one) => {
  it('changes the keys: what was said before and after it is read', () => {
    for (const pieceBytes of [1400, 11]) {
      const c = dissect(one, one.keyLog, pieceBytes);
      const http = c.messages.filter((m) => m.kind.startsWith('http'));
      expect(http.map(({ way, fields }) => [way, fields['uri'] ?? fields['status'], fields['contentKnownBy']])).toEqual(
        [
          [0, '/before', 'keylog'],
          [1, 200, 'keylog'],
          [0, '/after', 'keylog'],
          [1, 200, 'keylog'],
        ],
      );
      expect(c.found).toMatchObject([
        { decodings: ['tls-keylog'], field: 'body', message: http[0]?.index },
        { decodings: ['tls-keylog'], field: 'body', message: http[2]?.index },
      ]);
      expect(c.flows).toMatchObject([
        { application: 'http', channel: 'tls', incomplete: [], serverNames: ['twin.example'] },
      ]);
      expect(c.summary.faults).toEqual([]);
    }
  });

  it('is told itself, as known by the key log', () => {
    const told = dissect(one, one.keyLog)
      .messages.filter((m) => m.kind.startsWith('tls-'))
      .map(({ kind, way, fields }) => [kind, way, fields['contentKnownBy'] ?? 'wire']);
    const both = ['wire', 'keylog'].flatMap((known) => [
      ['tls-client-hello', 0, known],
      ['tls-server-hello', 1, known],
      // A session that is taken up again needs none.
      ...(known === 'keylog' && name.endsWith('resumed') ? [] : [['tls-certificate', 1, known]]),
    ]);
    expect(told).toEqual(both);
  });

  it('ends what can be read where its secrets are not known, and the conversation says so', () => {
    expect(linesOf(one)).toHaveLength(2);
    const c = dissect(one, `${linesOf(one)[0] ?? ''}\n`);
    expect(c.messages.flatMap(({ fields }) => fields['uri'] ?? [])).toEqual(['/before']);
    expect(c.found).toHaveLength(1);
    expect(c.flows[0]?.incomplete).toEqual(['decoding-failed']);
  });

  it('is not known where the secrets of the first are not', () => {
    const c = dissect(one, `${linesOf(one)[1] ?? ''}\n`);
    expect(c.found).toEqual([]);
    expect(c.messages.filter((m) => m.kind.startsWith('http') || m.fields['contentKnownBy'] === 'keylog')).toEqual([]);
  });
});
