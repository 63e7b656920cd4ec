import type { SnapshotRecord } from '../../shared/model/record.ts';
import { bearsOnConsent } from '../comparison/makers/consent-screens.ts';
import { usageTexts } from '../parsing/usage-texts.ts';
import { excerpt } from './excerpt.ts';
import { gap } from './gaps.ts';
import type { Gap } from './gaps.ts';
import type { EventRecord } from './handset-events.ts';

/** Kept of a handset under a label and run, the latest; the others stay in the records. */
export const keptUsageEvents = 500;

/** A name is quoted in a line: the record keeps it whole. */
const longestName = 200;

/** Constants of `UsageEvents.Event` by their names in the dump; a screen's were renamed in Android 10. */
const screenTypes: Readonly<Record<string, 'shown' | 'left'>> = {
  MOVE_TO_FOREGROUND: 'shown',
  ACTIVITY_RESUMED: 'shown',
  MOVE_TO_BACKGROUND: 'left',
  ACTIVITY_PAUSED: 'left',
};
const handsetTypes: Readonly<Record<string, 'startup' | 'shutdown' | 'keyguard-shown' | 'keyguard-hidden'>> = {
  DEVICE_STARTUP: 'startup',
  DEVICE_SHUTDOWN: 'shutdown',
  KEYGUARD_SHOWN: 'keyguard-shown',
  KEYGUARD_HIDDEN: 'keyguard-hidden',
};

/**
 * Of the handset's own record of its use what bears on consent: when screens that ask for it (makers' tables, setup wizards, permission
 * dialogs) were in front, when the handset started, shut down, was locked and unlocked. A dump lists an event in several places:
 * each once. They attest nothing that a person did: no rule judges by them.
 */
export class UsageEvents {
  readonly #found = new Map<string, Map<string, EventRecord>>();

  take(record: SnapshotRecord): void {
    const event = usageEventOf(record);
    if (event === null) return;
    const place = JSON.stringify([event.handset, event.label, event.run]);
    const own = this.#found.get(place) ?? new Map<string, EventRecord>();
    this.#found.set(place, own);
    const key = `${event.atHandset} ${event.text}`;
    if (!own.has(key)) own.set(key, event);
  }

  /** By place, each by time of the handset; and what the limit left out. */
  result(): { readonly events: readonly EventRecord[]; readonly gaps: readonly Gap[] } {
    const events: EventRecord[] = [];
    const gaps: Gap[] = [];
    for (const own of this.#found.values()) {
      const sorted = [...own.values()].sort((a, b) => (a.atHandset < b.atHandset ? -1 : 1));
      events.push(...sorted.slice(-keptUsageEvents));
      const [first] = sorted;
      if (first !== undefined && sorted.length > keptUsageEvents)
        gaps.push(
          gap('usage-limit', {
            handset: first.handset,
            label: first.label,
            count: keptUsageEvents,
            found: sorted.length,
          }),
        );
    }
    return { events, gaps };
  }
}

function usageEventOf(record: SnapshotRecord): EventRecord | null {
  if (record.kind !== 'fact' || record.topic !== 'usage' || record.atHandset === null) return null;
  const { handset, label, run, exhibit, atHandset, package: owner, value } = record;
  // `USER/TYPE` for another user than the first.
  const [, user, type = ''] = /^(?:(\d{1,9})\/)?([A-Z_]{1,64})$/.exec(record.name) ?? [];
  const told = (text: string): EventRecord => ({
    kind: 'event',
    eventKind: 'usage',
    atHandset,
    text: user === undefined ? text : `${text} (user ${user})`,
    handset,
    label,
    run,
    exhibit,
  });
  const ofHandset = handsetTypes[type];
  if (ofHandset !== undefined) return told(usageTexts[ofHandset]);
  const ofScreen = screenTypes[type];
  if (ofScreen === undefined || owner === null || !bearsOnConsent(owner)) return null;
  const screen = /\bclass=(\S+)/.exec(value)?.[1];
  const name = excerpt(screen === undefined ? owner : `${owner}/${screen}`, longestName);
  return told(usageTexts[ofScreen].replace('$1', () => name));
}
