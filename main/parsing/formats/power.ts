import { eachDumpLine, keyAndValue } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { noSection } from '../parse-result.ts';

const list = /^((?:Removed from )?(?:Temp )?(?:white|allow)list\b[^:]*):$/i;
const packageName = /^[A-Za-z][\w.]*$/;

/**
 * `dumpsys deviceidle` (from 6 on): the lists of apps that may run while the handset sleeps, one fact an entry; its settings and
 * its momentary state stay in the exhibit.
 */
export function parseDeviceIdle({ text }: FormatInput, sink: ParseSink): void {
  let heading: { readonly name: string; readonly indent: number } | null = null;
  let seen = false;
  eachDumpLine(text, sink, ({ indent, text: said }) => {
    const name = list.exec(said)?.[1];
    if (name !== undefined) {
      seen = true;
      heading = { name, indent };
    } else if (heading !== null && indent > heading.indent) {
      const owner = packageName.test(said) ? said : null;
      sink.add({
        kind: 'fact',
        topic: 'power',
        package: owner,
        name: heading.name,
        value: owner === null ? said : '',
        atHandset: null,
      });
    } else heading = null;
  });
  // A handset whose lists are empty prints no heading, but its settings.
  if (!seen && !/^[ \t]*(?:Settings:|mState=|mLightEnabled=)/m.test(text)) noSection(sink, text, 'Settings');
}

/** `dumpsys battery`: one fact a line, `battery/level` … */
export function parseBattery({ text }: FormatInput, sink: ParseSink): void {
  let within = false;
  eachDumpLine(text, sink, ({ line, indent, text: said }) => {
    if (said.startsWith('Current Battery Service state:')) {
      within = true;
      return;
    }
    const entry = keyAndValue(said);
    if (!within || indent === 0 || entry === null) return sink.skip(line, said, 'not-a-battery-line');
    const name = `battery/${entry.key}`;
    sink.add({ kind: 'fact', topic: 'power', package: null, name, value: entry.value, atHandset: null });
  });
}
