import type { FactTopic, RecordBody } from '../../shared/model/record.ts';

/** Settings that name apps: what the person or the maker chose for a task, and what may listen along. */
const namingApps: ReadonlyMap<string, FactTopic> = new Map([
  ['secure/sms_default_application', 'default-app'],
  ['secure/dialer_default_application', 'default-app'],
  ['secure/assistant', 'default-app'],
  ['secure/voice_interaction_service', 'default-app'],
  ['secure/default_input_method', 'default-app'],
  ['secure/enabled_input_methods', 'default-app'],
  ['secure/enabled_accessibility_services', 'listener'],
  ['secure/enabled_notification_listeners', 'listener'],
  ['secure/enabled_notification_assistant', 'listener'],
]);

/**
 * One fact for each app that such a setting names (`a.b/.C:d.e/.F`, of input methods with `;` and numbers after each). Empty for
 * every other record, and where the setting names none.
 */
export function factsOfSetting(record: RecordBody): readonly RecordBody[] {
  if (record.kind !== 'setting') return [];
  const name = `${record.namespace}/${record.name}`;
  const topic = namingApps.get(name);
  if (topic === undefined || record.value === 'null') return [];
  return record.value.split(':').flatMap((one) => {
    const said = one.split(';', 1)[0] ?? '';
    const owner = /^([A-Za-z][\w.]{0,255})(?:\/\S{1,256})?$/.exec(said)?.[1];
    return owner === undefined
      ? []
      : [{ kind: 'fact' as const, topic, package: owner, name, value: said, atHandset: null }];
  });
}
