import type { AcquisitionProfile, ChosenProfile } from '../../shared/model/acquisition.ts';
import type { Collector, CommandStep, HandsetFacts, Step } from './collector.ts';
import { appCode } from './collectors/app-code.ts';
import { appOps } from './collectors/app-ops.ts';
import { autostart } from './collectors/autostart.ts';
import { bugReport } from './collectors/bug-report.ts';
import { certificates } from './collectors/certificates.ts';
import { clock } from './collectors/clock.ts';
import { debuggingState } from './collectors/debugging-state.ts';
import { dropbox } from './collectors/dropbox.ts';
import { handlers } from './collectors/handlers.ts';
import { identifiers } from './collectors/identifiers.ts';
import { logcat } from './collectors/logcat.ts';
import { messageLog } from './collectors/message-log.ts';
import { messageTexts } from './collectors/message-texts.ts';
import { packageDetail } from './collectors/package-detail.ts';
import { packages } from './collectors/packages.ts';
import { policy } from './collectors/policy.ts';
import { power } from './collectors/power.ts';
import { processes } from './collectors/processes.ts';
import { properties } from './collectors/properties.ts';
import { screenshot } from './collectors/screenshot.ts';
import { screenText } from './collectors/screen-text.ts';
import { services } from './collectors/services.ts';
import { simCards } from './collectors/sim-cards.ts';
import { settingsGlobal, settingsSecure, settingsSystem } from './collectors/settings.ts';
import { stateCheck } from './collectors/state-check.ts';
import { telephony } from './collectors/telephony.ts';
import { trafficTotals } from './collectors/traffic-totals.ts';
import { usage } from './collectors/usage.ts';
import { users } from './collectors/users.ts';
import { wifi } from './collectors/wifi.ts';
import { appListCommands } from './run-app-code.ts';
import { bugReportCommands } from './bug-report-protocol.ts';
import { stateProbes } from './run-state-check.ts';

/** In the order of asking: what may be lost first comes first, the slow dumps last. A new collector is one file and one line. */
export const collectors: readonly Collector[] = [
  clock,
  stateCheck,
  properties,
  debuggingState,
  identifiers,
  simCards,
  settingsSystem,
  settingsSecure,
  settingsGlobal,
  packages,
  logcat,
  screenshot,
  dropbox,
  appOps,
  packageDetail,
  handlers,
  users,
  policy,
  telephony,
  wifi,
  certificates,
  processes,
  power,
  usage,
  trafficTotals,
  autostart,
  services,
  messageLog,
  appCode,
  messageTexts,
  screenText,
  bugReport,
];

/** The collectors of a profile, in the order in which they run. The clock is asked again at the very end. */
export function collectorsOf(profile: AcquisitionProfile): readonly Collector[] {
  return collectors.filter((collector) => collector.profiles.includes(profile));
}

/** What a collector may send, fallbacks included, and whether it changes the handset: for «what happens when I press this». */
export interface PlannedCommands {
  readonly collector: Collector;
  readonly commands: readonly { readonly command: string; readonly effect: 'reads' | 'changes' }[];
}

const ownFile = '/data/local/tmp/handsight-…';

function commandsOf(step: Step, facts: HandsetFacts): PlannedCommands['commands'] {
  if (step.type === 'clock') return [{ command: 'date +%s%N', effect: 'reads' }];
  if (step.type === 'state')
    return stateProbes(facts.features).map(({ command }) => ({ command, effect: 'reads' as const }));
  if (step.type === 'app-code')
    return [...appListCommands, 'pm path …', 'pull ….apk'].map((command) => ({ command, effect: 'reads' as const }));
  if (step.type === 'screen-text') return throughOwnFile('uiautomator dump', '.xml');
  if (step.type === 'bug-report') return bugReportCommands(facts);
  if (step.type === 'command') return flatten(step).map((command) => ({ command, effect: 'reads' as const }));
  if (facts.features.has('shell_v2')) return [{ command: 'screencap -p', effect: 'reads' }];
  return throughOwnFile('screencap -p', '.png');
}

function throughOwnFile(command: string, ending: string): PlannedCommands['commands'] {
  return [`${command} ${ownFile}${ending}`, `rm ${ownFile}${ending}`].map((one) => ({
    command: one,
    effect: 'changes' as const,
  }));
}

function flatten(step: CommandStep): string[] {
  const byName = (step.perPackage ?? []).map((way) => `${way} …`);
  const files = step.eachFile === true ? [`${step.command.replace(/^ls /, 'cat ')}/…`] : [];
  return [step.command, ...(step.otherwise ?? []).flatMap(flatten), ...byName, ...files, ...(step.alsoFor ?? [])];
}

/** The plan of a profile (`own`: everything that can be chosen), or of these collectors, as it would run on a handset of these facts. */
export function planAcquisition(what: ChosenProfile | readonly Collector[], facts: HandsetFacts): PlannedCommands[] {
  return (what === 'own' ? collectors : typeof what === 'string' ? collectorsOf(what) : what).map((collector) => ({
    collector,
    commands: collector.asks(facts).flatMap((step) => commandsOf(step, facts)),
  }));
}
