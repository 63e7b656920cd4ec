import { eachDumpLine } from '../dump-lines.ts';
import { readHandsetInstant } from '../handset-time.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const event = /^time="([^"]{1,64})" type=(\S{1,64}) package=(\S{1,256})(.*)$/;
const totals = /^package=(\S{1,256}) (totalTime\w*=.*)$/;
const standby = /^package=(\S{1,256}) u=(\d{1,6}) bucket=(\d{1,4})\b/;

/** Constants of `UsageStatsManager.STANDBY_BUCKET_…`. */
const buckets: ReadonlyMap<string, string> = new Map([
  ['5', 'EXEMPTED'],
  ['10', 'ACTIVE'],
  ['20', 'WORKING_SET'],
  ['30', 'FREQUENT'],
  ['40', 'RARE'],
  ['45', 'RESTRICTED'],
  ['50', 'NEVER'],
]);

/** Of another user than the first its things are named `USER/NAME`. */
const named = (user: string, name: string): string => (user === '0' ? name : `${user}/${name}`);

/**
 * `dumpsys usagestats` (from 5 on): one fact an event of use (which screen came to the front, unlocking, start of the handset …) at
 * its instant; per package and period how long and when last used; the standby bucket of each package. Instants of another form
 * than `yyyy-mm-dd hh:mm:ss` (5 writes them as the language does) stand in the value.
 */
export function parseUsage({ text, context }: FormatInput, sink: ParseSink): void {
  const zone = context.handsetClock?.zone ?? null;
  let user = '0';
  let period: string | null = null;
  let known = false;
  eachDumpLine(text, sink, ({ line, text: said }) => {
    const heading = /^user=(\d{1,9})$/.exec(said)?.[1];
    if (heading !== undefined) {
      known = true;
      user = heading;
      period = null;
      return;
    }
    period = /^In-memory (\w{1,20}) stats$/.exec(said)?.[1] ?? period;
    const happened = event.exec(said);
    if (happened) {
      const [, time, type, owner, rest] = happened;
      const atHandset = readHandsetInstant(time ?? '', zone);
      if (atHandset === null) sink.skip(line, said, 'not-a-date');
      const value = [...(atHandset === null ? [`time="${time}"`] : []), (rest ?? '').trim()].join(' ').trim();
      return sink.add({
        kind: 'fact',
        topic: 'usage',
        package: owner ?? '',
        name: named(user, type ?? ''),
        value,
        atHandset,
      });
    }
    const used = totals.exec(said);
    if (used && period !== null) {
      const last = /\blastTimeUsed="([^"]{1,64})"/.exec(used[2] ?? '')?.[1] ?? '';
      // The epoch stands for «never»; its hour follows the zone.
      const atHandset = /^19(?:69|70)-/.test(last) ? null : readHandsetInstant(last, zone);
      const name = named(user, `In-memory ${period} stats`);
      return sink.add({ kind: 'fact', topic: 'usage', package: used[1] ?? '', name, value: used[2] ?? '', atHandset });
    }
    const bucket = standby.exec(said);
    if (bucket) {
      const [, owner, whose, number] = bucket;
      const word = buckets.get(number ?? '');
      const value = word === undefined ? (number ?? '') : `${number} (${word})`;
      const name = named(whose ?? '0', 'bucket');
      sink.add({ kind: 'fact', topic: 'power', package: owner ?? '', name, value, atHandset: null });
    }
  });
  if (!known && sink.recordCount === 0) noSection(sink, text, 'user');
}
