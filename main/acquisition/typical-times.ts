/**
 * How long each collector takes, in milliseconds. Origin: `npm run bench -- handset full` (the real adb server, the persona
 * `modern-locked` with the latency table test/personas/modern-locked/latency.json, which states its own sources), rounded up to a
 * tenth of a second. A starting value: what the handset at hand shows corrects it (time-left.ts). Null: it depends on what the
 * handset holds, and nothing is known before it was listed.
 */
export const typicalMs: Readonly<Record<string, number | null>> = {
  clock: 1400,
  'state-check': 1900,
  properties: 100,
  'debugging-state': 600,
  identifiers: 2600,
  'sim-cards': 1200,
  'settings-system': 300,
  'settings-secure': 300,
  'settings-global': 400,
  packages: 2700,
  logcat: 8400,
  screenshot: 1000,
  dropbox: 2900,
  'app-ops': 300,
  'package-detail': 1000,
  handlers: 900,
  users: 400,
  policy: 900,
  telephony: 300,
  wifi: 300,
  certificates: 200,
  processes: 100,
  power: 600,
  usage: 300,
  'traffic-totals': 500,
  autostart: 800,
  services: 300,
  'message-log': 1300,
  'message-texts': null,
  'app-code': null,
  'screen-text': null,
  'bug-report': null,
};
