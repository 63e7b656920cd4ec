import { looksLike } from '../identifier-shapes.ts';
import { makeParseSink } from '../parse-result.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';
import { factsOfSetting } from '../setting-facts.ts';
import { parseSettingsList } from './settings.ts';

/** `settings list` of another user than the first. */
export const userSettingsCommand = /\bsettings --user [1-9]\d{0,8} list (?:system|secure|global)$/;

/**
 * What settings of another user or profile say of apps that answer or listen there, and of ways that traffic takes: facts named
 * `USER/NAMESPACE/NAME`, and the Android ID, which each user has of its own. The rest stays in the output: as settings they would be taken
 * for the first user's.
 */
export function parseUserSettings(input: FormatInput, sink: ParseSink): void {
  const user = /--user (\d+)/.exec(input.command)?.[1] ?? '';
  const inner = makeParseSink();
  parseSettingsList(input, inner);
  const { records, unparsed, limits } = inner.result('');
  for (const { line, text, reason } of unparsed) sink.skip(line, text, reason);
  for (const limit of limits) sink.limit(limit);
  for (const record of records) {
    if (record.kind !== 'setting') continue;
    for (const fact of factsOfSetting(record)) {
      if (fact.kind === 'fact') sink.add({ ...fact, name: `${user}/${fact.name}` });
    }
    if (record.namespace !== 'secure' || record.name !== 'android_id' || !looksLike('android-id', record.value))
      continue;
    const method = `setting secure/android_id of user ${user}`;
    sink.add({ kind: 'identifier', identifierKind: 'android-id', value: record.value, method });
  }
}
