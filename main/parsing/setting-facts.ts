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

/** Settings that lead traffic another way; one that is empty or `null` leads nowhere. */
const leadingTraffic: ReadonlySet<string> = new Set([
  'global/private_dns_mode',
  'global/private_dns_specifier',
  'global/http_proxy',
  'global/global_http_proxy_host',
  'global/global_http_proxy_port',
  'global/global_http_proxy_exclusion_list',
  'global/global_proxy_pac_url',
  'secure/always_on_vpn_app',
  'secure/always_on_vpn_lockdown',
]);

/**
 * One fact for each app that such a setting names (`a.b/.C:d.e/.F`, of input methods with `;` and numbers after each). One for each that leads traffic
 * another way. Empty for
 * every other record, and where the setting names none.
 */
export function factsOfSetting(record: RecordBody): readonly RecordBody[] {
  if (record.kind !== 'setting') return [];
  const name = `${record.namespace}/${record.name}`;
  if (leadingTraffic.has(name) && record.value !== '' && record.value !== 'null') {
    const owner = name === 'secure/always_on_vpn_app' ? record.value : null;
    return [{ kind: 'fact', topic: 'network', package: owner, name, value: record.value, atHandset: null }];
  }
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
