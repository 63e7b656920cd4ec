import { ask, everyProfile } from '../collector.ts';
import type { Collector, CommandStep, HandsetFacts } from '../collector.ts';

/** SIM cards by slot, and the ids under which each is asked about (sim-cards.ts). */
export const cardsCommand = 'dumpsys isub';

/** From 5.1 on each getter wants the name of the package that asks; the shell's own is allowed till about 13. */
function phoneCalls({ sdk, phoneCalls: codes }: HandsetFacts): CommandStep[] {
  const caller = sdk !== null && sdk < 22 ? '' : ' s16 com.android.shell';
  return codes.map((code) => ask(`service call iphonesubinfo ${code}${caller}`, { timeoutMs: 15_000 }));
}

/** Identifiers that the handset itself tells. Typed ones from label, `*#06#` and SIM card always stand beside them. */
export const identifiers: Collector = {
  id: 'identifiers',
  titleKey: 'collector.identifiers',
  profiles: everyProfile,
  asks: (facts) => [
    ...phoneCalls(facts),
    // Till 4.4 the service also had a dump.
    ...(facts.sdk === null || facts.sdk < 21 ? [ask('dumpsys iphonesubinfo')] : []),
    // SIM cards by slot; the service came with 5.1.
    ...(facts.sdk === null || facts.sdk >= 22 ? [ask(cardsCommand)] : []),
    ask('settings get secure android_id', {
      otherwise: [ask('content query --uri content://settings/secure --where "name=\'android_id\'"')],
    }),
    ask('settings get secure bluetooth_address'),
    ask('ip addr', { otherwise: [ask('netcfg')] }),
    ask('cat /sys/class/net/wlan0/address'),
    ask('dumpsys account'),
    ask('content query --uri content://com.android.contacts/data/phones --projection display_name:data1'),
  ],
};
