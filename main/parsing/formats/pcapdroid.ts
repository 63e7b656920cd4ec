import type { FormatInput, ParseSink } from '../parse-result.ts';

/**
 * The columns of PCAPdroid's list of connections. Source: its public repository emanuele-f/PCAPdroid, `connections_csv_fields` in
 * res/values/strings.xml and `dumpConnectionsCsv` in ConnectionsAdapter.java; nothing in a row is quoted there. «Malicious» follows
 * where its detection is on.
 */
const pcapdroidHeader =
  'IPProto,SrcIP,SrcPort,DstIp,DstPort,UID,App,Proto,Status,Info,BytesSent,BytesRcvd,PktsSent,PktsRcvd,FirstSeen,LastSeen';

/** Three columns may hold commas themselves (App, Status, Info): what stands before and behind them does not. */
const row =
  /^(\d{1,3}),([0-9A-Fa-f.:]{2,45}),(\d{1,5}),([0-9A-Fa-f.:]{2,45}),(\d{1,5}),(-?\d{1,10}),(.*),(\d{1,16}),(\d{1,16}),(\d{1,12}),(\d{1,12}),(\d{1,16}),(\d{1,16})(?:,(?:yes)?)?$/;

/**
 * Reads connections as PCAPdroid lists them: what another tool states of the handset's traffic, no packet of it. The app is told by
 * UID and the name it shows, not by its package. One fact a connection.
 */
export function parsePcapdroid({ text }: FormatInput, sink: ParseSink): void {
  const lines = text.split('\n');
  const header = lines[0] ?? '';
  if (header !== pcapdroidHeader && header !== `${pcapdroidHeader},Malicious`)
    return sink.skip(1, header, 'shape-differs');
  for (const [position, raw] of lines.entries()) {
    if (position === 0 || raw === '') continue;
    if (raw.length > 5000) {
      sink.skip(position + 1, raw, 'line-too-long');
      continue;
    }
    const match = row.exec(raw);
    if (match === null) {
      sink.skip(position + 1, raw, 'shape-differs');
      continue;
    }
    const [, protocol, source, sourcePort, target, targetPort, uid, said] = match;
    const [, , , , , , , , sent, received, , , first, last] = match;
    sink.add({
      kind: 'fact',
      topic: 'traffic',
      package: null,
      name: `PCAPdroid uid ${uid}/${protocol}/${source}:${sourcePort}-${target}:${targetPort}`,
      value: sink.value(`${said} BytesSent=${sent} BytesRcvd=${received} FirstSeen=${first} LastSeen=${last}`),
      atHandset: null,
    });
  }
}
