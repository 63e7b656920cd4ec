import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

/** A section begins at the margin: `Dev stats:`, `Xt stats:`, `UID stats:`, `UID tag stats:`. */
const section = /^([A-Z]\w*(?: \w+)* stats):$/;
const owner = /\buid=(-?\d{1,10}) set=\w{1,32} tag=(0x[0-9a-f]{1,16})$/;
/** From 5.1 on `rb=… tb=…`, before `rxBytes=… txBytes=…`. */
const bucket = /\b(?:rb|rxBytes)=(\d{1,15}) .*?\b(?:tb|txBytes)=(\d{1,15})\b/;
const maxUids = 100_000;

/**
 * `dumpsys netstats detail`: one fact for each app's user id (UID) of which bytes were counted, the sum over networks, sets and
 * periods of the section `UID stats`; tags are parts of these bytes and are not added.
 */
export function parseNetstats({ text }: FormatInput, sink: ParseSink): void {
  const sums = new Map<string, { rx: number; tx: number }>();
  let within = false;
  let known = false;
  let uid: string | null = null;
  eachDumpLine(text, sink, ({ line, indent, text: said }) => {
    const heading = indent === 0 ? section.exec(said)?.[1] : undefined;
    if (heading !== undefined) {
      known = true;
      within = heading === 'UID stats';
      uid = null;
      return;
    }
    if (!within) return;
    const whose = said.startsWith('ident=') ? owner.exec(said) : null;
    if (said.startsWith('ident=')) {
      if (whose === null) sink.skip(line, said, 'not-a-uid');
      uid = whose?.[2] === '0x0' ? (whose[1] ?? null) : null;
    }
    const counted = uid === null ? null : bucket.exec(said);
    if (uid === null || counted === null) return;
    const sum = sums.get(uid) ?? { rx: 0, tx: 0 };
    if (sums.size >= maxUids && !sums.has(uid)) return sink.limit(`cap-uids:${maxUids}`);
    sums.set(uid, { rx: sum.rx + Number(counted[1]), tx: sum.tx + Number(counted[2]) });
  });
  for (const [name, { rx, tx }] of sums)
    sink.add({
      kind: 'fact',
      topic: 'traffic',
      package: null,
      name: `uid ${name}`,
      value: `rxBytes=${rx} txBytes=${tx}`,
      atHandset: null,
    });
  if (!known) noSection(sink, text, 'UID stats');
}
