import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const head = /^JOB #(\S{1,200}): (?:[0-9a-f]{1,16} )?(\S+)/;
/** What the app asked for when it registered the job; the momentary state beside it is left in the exhibit. */
const asked =
  /^(?:PERIODIC: |PERSISTED$|Requires: |Network type: |Minimum latency: |Max execution delay: |Triggers?: )/;

interface Job {
  readonly id: string;
  readonly component: string;
  readonly indent: number;
  package: string | null;
  readonly wants: string[];
}

/** `dumpsys jobscheduler` (from 5 on): one fact a registered job, whose it is, which service it starts, when and under what conditions. */
export function parseJobs({ text }: FormatInput, sink: ParseSink): void {
  let open: Job | null = null;
  let seen = 0;
  const close = (): void => {
    if (open !== null)
      sink.add({
        kind: 'fact',
        topic: 'job',
        package: open.package,
        name: open.component,
        value: sink.value([`#${open.id}`, ...open.wants].join('; ')),
        atHandset: null,
      });
    open = null;
  };
  eachDumpLine(text, sink, ({ indent, text: said }) => {
    const match = head.exec(said);
    if (match) {
      close();
      seen += 1;
      const component = match[2] ?? '';
      const owner = /^(?:@.*@)?([\w.]+)\//.exec(component)?.[1] ?? null;
      open = { id: match[1] ?? '', component, indent, package: owner, wants: [] };
    } else if (open !== null && indent <= open.indent) close();
    else if (open !== null) {
      // A system service may register a job for another app: the source is whose job it is.
      open.package = /^Source: .*\bpkg=([\w.]+)/.exec(said)?.[1] ?? open.package;
      if (asked.test(said)) open.wants.push(said);
    }
  });
  close();
  const promised = /^Registered (\d{1,9}) jobs:/m.exec(text)?.[1];
  if (promised !== undefined && Number(promised) !== seen) sink.limit(`jobs:${seen}-of-${promised}`);
  if (seen === 0 && promised !== '0') noSection(sink, text, 'Registered jobs');
}
