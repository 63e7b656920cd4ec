import type { RecordRow } from '../../../shared/contract/exhibits.ts';
import type { Words } from '../../words/words.tsx';

/** `ours`: a word of the catalogue; otherwise text from the handset, to be shown as hostile text. */
export interface RecordText {
  readonly text: string;
  readonly ours: boolean;
}

export interface RecordField extends RecordText {
  /** Name of the field as the record has it; worded by `ui.record-field.NAME`. */
  readonly field: string;
}

const given = (text: string): RecordText => ({ text, ours: false });
const ours = (text: string): RecordText => ({ text, ours: true });

/** What the row is about: the name of the setting, the package, the tag of the log line … */
export function recordSubject(record: RecordRow, words: Words): RecordText {
  switch (record.kind) {
    case 'setting':
      return given(`${record.namespace}/${record.name}`);
    case 'property':
    case 'package':
      return given(record.name);
    case 'permission':
    case 'component':
    case 'app-op':
      return given(record.package);
    case 'crash':
      return given(record.package ?? record.process ?? record.tag);
    case 'log':
      return given(record.tag);
    case 'identifier':
      return ours(words.sayIfKnown(`ui.identifier-kind.${record.identifierKind}`, record.identifierKind));
    case 'event':
      return ours(words.say(`ui.event-kind.${record.eventKind}`));
    case 'clock':
      return ours(words.say('ui.record-field.offsetMs'));
    case 'silent-sms':
      return given(record.destination ?? '—');
    case 'fact':
      return record.package === null ? ours(valueText('topic', record.topic, words).text) : given(record.package);
  }
}

/** What the row says of it, in one line. */
export function recordContent(record: RecordRow, words: Words): readonly RecordText[] {
  const word = (field: string, value: string): RecordText => ours(valueText(field, value, words).text);
  switch (record.kind) {
    case 'property':
    case 'setting':
    case 'identifier':
      return [given(record.value)];
    case 'package':
      return [
        word('state', record.state),
        ...(record.versionName === null ? [] : [given(record.versionName)]),
        ...(record.system === null ? [] : [ours(words.say(record.system ? 'ui.record.system' : 'ui.record.user'))]),
      ];
    case 'permission':
      return [
        given(record.name),
        ours(words.say(record.granted ? 'ui.record.granted' : 'ui.record.not-granted')),
        word('scope', record.scope),
      ];
    case 'component':
      return [
        given(record.name),
        word('type', record.type),
        ...(record.bootReceiver ? [ours(words.say('ui.record.boot'))] : []),
        ...(record.enabled === false ? [ours(words.say('ui.record.disabled'))] : []),
      ];
    case 'app-op':
      return [given(record.op), word('mode', record.mode)];
    case 'crash':
      return [given(record.exception ?? record.summary)];
    case 'log':
      return [given(record.message)];
    case 'event':
    case 'silent-sms':
      return [given(record.text)];
    case 'fact':
      return [
        ...(record.package === null ? [] : [word('topic', record.topic)]),
        given(record.name),
        ...(record.value === '' ? [] : [given(record.value)]),
      ];
    case 'clock':
      return [
        ours(
          words.say(record.offsetMs < 0 ? 'ui.record.clock-behind' : 'ui.record.clock-ahead', {
            offset: durationText(Math.abs(record.offsetMs), words),
            bound: durationText(record.boundMs, words),
          }),
        ),
        ...(record.zone === null ? [] : [given(record.zone)]),
      ];
  }
}

/** `4,491 d 16 h 5 min 3.1 s`: the units that are needed, the seconds to a tenth; below a minute to a thousandth. */
export function durationText(milliseconds: number, words: Words): string {
  const day = 86_400_000;
  const units = [
    ['d', Math.floor(milliseconds / day)],
    ['h', Math.floor((milliseconds % day) / 3_600_000)],
    ['min', Math.floor((milliseconds % 3_600_000) / 60_000)],
  ] as const;
  const digits = milliseconds < 60_000 ? 1000 : 10;
  const seconds = Math.floor(((milliseconds % 60_000) / 1000) * digits) / digits;
  const first = units.findIndex(([, count]) => count > 0);
  const whole = first === -1 ? [] : units.slice(first);
  return [
    ...whole.map(([unit, count]) => words.say(`ui.duration.${unit}`, { count: words.number(count) })),
    words.say('ui.duration.s', { count: words.number(seconds) }),
  ].join(' ');
}

/** Fields that every record has: they stand beside the others, with the exhibit. */
const everyRecord: ReadonlySet<string> = new Set([
  'id',
  'kind',
  'label',
  'handset',
  'run',
  'exhibit',
  'meaning',
  'meaningSource',
  'meaningSeenOn',
]);

/** Fields whose words stand in the catalogue under another name than their own. */
const wordedAs: Readonly<Record<string, string>> = {
  identifierKind: 'ui.identifier-kind',
  eventKind: 'ui.event-kind',
};

type FieldValue = string | number | boolean | null | readonly string[];

function valueText(field: string, value: FieldValue, words: Words): RecordText {
  if (value === null) return ours(words.say('ui.record.not-told'));
  if (typeof value === 'boolean') return ours(words.say(value ? 'ui.yes' : 'ui.no'));
  // Numbers of users and processes are names, not quantities: no separators in them.
  if (typeof value === 'number') {
    return field.endsWith('Ms') ? ours(words.say('ui.record.ms', { count: words.number(value) })) : ours(String(value));
  }
  if (typeof value !== 'string') return value.length === 0 ? ours('—') : given(value.join('\n'));
  const worded = words.sayIfKnown(`${wordedAs[field] ?? `ui.record-value.${field}`}.${value}`, '');
  return worded === '' ? given(value) : ours(worded);
}

/** Every field of the record in the order of its model; what the handset did not tell is said, never left blank. */
export function recordFields(record: RecordRow, words: Words): readonly RecordField[] {
  return Object.entries<FieldValue>({ ...record })
    .filter(([field]) => !everyRecord.has(field))
    .map(([field, value]) => ({ field, ...valueText(field, value, words) }));
}
