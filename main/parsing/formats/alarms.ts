import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const head = /^((?:RTC|ELAPSED)(?:_WAKEUP)?) #\d{1,9}: Alarm\{(?:\S+ )*?([\w.]+)\}/;
/** `u0a39:com.android.providers.calendar +75ms running, 1 wakeups:` */
const total = /^[0-9a-z]{1,16}:([\w.]{1,256}) (\+\S{1,64} running, \d{1,12} wakeups):$/;

interface Alarm {
  readonly type: string;
  readonly package: string;
  readonly indent: number;
  tag: string | null;
  readonly told: string[];
}

/**
 * `dumpsys alarm`: one fact a pending alarm, whose it is, its tag (from 5 on), its kind, when and how often; and for each app that
 * had any, how often it woke the handset since the start.
 */
export function parseAlarms({ text }: FormatInput, sink: ParseSink): void {
  let open: Alarm | null = null;
  let seen = 0;
  const add = (owner: string, name: string, value: string): void => {
    seen += 1;
    sink.add({ kind: 'fact', topic: 'alarm', package: owner, name, value: sink.value(value), atHandset: null });
  };
  const close = (): void => {
    if (open !== null) add(open.package, open.tag ?? open.type, [open.type, ...open.told].join('; '));
    open = null;
  };
  eachDumpLine(text, sink, ({ indent, text: said }) => {
    const match = head.exec(said);
    const sum = match === null ? total.exec(said) : null;
    if (match !== null || sum !== null || (open !== null && indent <= open.indent)) close();
    if (match) open = { type: match[1] ?? '', package: match[2] ?? '', indent, tag: null, told: [] };
    else if (sum) add(sum[1] ?? '', 'Alarm Stats', sum[2] ?? '');
    else if (open !== null) {
      if (said.startsWith('tag=')) open.tag = said.slice('tag='.length);
      for (const [one] of said.matchAll(/\b(?:when=(?:\d{4}-\d\d-\d\d \S+|\S+)|repeatInterval=\S+)/g))
        open.told.push(one);
      const act = /\bPendingIntentRecord\{\S+ \S+ (\w+)\}/.exec(said)?.[1];
      if (act !== undefined) open.told.push(act);
    }
  });
  close();
  if (seen === 0 && !/^Current Alarm Manager state:/m.test(text)) noSection(sink, text, 'Current Alarm Manager state');
}
