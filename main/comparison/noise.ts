import type { WordingKey } from './wording.ts';

interface NoiseRule {
  readonly kind: 'property' | 'setting' | 'build';
  readonly subject: RegExp;
  readonly why: Extract<WordingKey, `noise.${string}`>;
}

/** Values that differ between any two readings of one handset: shown, marked, and out of the way. */
const noiseRules: readonly NoiseRule[] = [
  {
    kind: 'property',
    subject: /^(?:ro\.runtime|ro\.boottime|persist\.sys\.boot\.reason|ro\.boot\.boottime|sys\.boot\.reason)/,
    why: 'noise.boot',
  },
  {
    kind: 'property',
    subject: /^(?:init\.svc|init\.svc_debug_pid|sys\.|dev\.bootcomplete|service\.bootanim|debug\.tracing)/,
    why: 'noise.boot',
  },
  {
    kind: 'property',
    subject: /^(?:net\.|dhcp\.|wifi\.|wlan\.|gsm\.network|gsm\.operator|gsm\.sim\.state|gsm\.nitz|vendor\.net\.)/,
    why: 'noise.state',
  },
  {
    kind: 'property',
    subject: /^(?:sys\.usb|vendor\.usb|persist\.sys\.usb|battery\.|audio\.|vendor\.audio)/,
    why: 'noise.state',
  },
  { kind: 'property', subject: /(?:_time|\.time|timestamp|lasttime|last_time|start_time)$/i, why: 'noise.time' },
  { kind: 'property', subject: /(?:[_.]count|counter|\.pid|\.seq|\.times)$/i, why: 'noise.counter' },
  {
    kind: 'property',
    subject:
      /^(?:ro\.boot\.(?:bootreason|last_|vbmeta\.digest|verifiedbooterror)|ro\.bootloader\.time|selinux\.restorecon|cache_key\.|pm\.dexopt|dalvik\.vm\.)/,
    why: 'noise.cache',
  },
  { kind: 'setting', subject: /\/boot_count$/, why: 'noise.counter' },
  {
    kind: 'setting',
    subject: /(?:_time|_timestamp|time_ms|_time_millis|_last_update|last_\w+|_elapsed|_millis|_date)$/i,
    why: 'noise.time',
  },
  { kind: 'setting', subject: /(?:_count|_counter|_times|_seq)$/, why: 'noise.counter' },
  {
    kind: 'setting',
    subject:
      /\/(?:screen_brightness|volume_\w+|battery_\w+|next_alarm_formatted|wifi_on|bluetooth_on|mobile_data|mode_ringer|screen_off_timeout)$/,
    why: 'noise.state',
  },
];

/** Why a value changes by itself; null for one whose change means something. */
export function noiseOf(kind: string, subject: string): NoiseRule['why'] | null {
  return noiseRules.find((rule) => rule.kind === kind && rule.subject.test(subject))?.why ?? null;
}

/** Properties that say which build is on the handset: their change is the upgrade itself. */
const buildProperties = new Set([
  'ro.build.fingerprint',
  'ro.build.display.id',
  'ro.build.id',
  'ro.build.version.incremental',
  'ro.build.version.release',
  'ro.build.version.sdk',
  'ro.build.version.security_patch',
  'ro.build.date',
  'ro.build.date.utc',
  'ro.build.type',
  'ro.build.tags',
  'ro.miui.ui.version.name',
  'ro.miui.ui.version.code',
  'ro.mi.os.version.name',
  'ro.mi.os.version.incremental',
  'ro.system.build.fingerprint',
  'ro.vendor.build.fingerprint',
  'ro.product.build.fingerprint',
  'ro.vendor.build.security_patch',
  'gsm.version.baseband',
]);

export const isBuildProperty = (name: string): boolean => buildProperties.has(name);
