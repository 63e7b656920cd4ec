import { judgeOutcome } from './judge-outcome.ts';
import { systemFromPath } from './formats/package-list.ts';
import { parseExhibit } from './parse-exhibit.ts';
import { subscriptionsInSlots } from './formats/subscriptions.ts';
import { cardTransactionsOf, phoneTransactionsOf, sdkOfRelease } from './phone-transactions.ts';
import { readHandsetText } from './text.ts';

function properties(getprop: Uint8Array): Map<string, string> {
  const { records } = parseExhibit({ collector: 'properties', command: 'getprop', bytes: getprop, context });
  return new Map(records.flatMap((record) => (record.kind === 'property' ? [[record.name, record.value]] : [])));
}

const context = { collectedAt: '1970-01-01T00:00:00.000000Z', handsetClock: null };

const maxDumpBytes = 1024 * 1024;
const saysCards = /SubscriptionController:|SubscriptionManagerService:|ActiveSubInfoList:|Active subscriptions:/;

/**
 * What an acquisition has to know of releases while it runs. The acquisition itself reads nothing: whoever carries it
 * (main/workflow) hands this in.
 */
export const acquisitionKnowledge = {
  judge: judgeOutcome,
  /** Release and API level out of the raw output of `getprop`; null where it does not say. */
  releaseOf(getprop: Uint8Array): { readonly release: string | null; readonly sdk: number | null } {
    const found = properties(getprop);
    const release = found.get('ro.build.version.release') ?? null;
    const sdk = /^\d{1,3}$/.exec(found.get('ro.build.version.sdk') ?? '');
    return { release, sdk: sdk === null ? sdkOfRelease(release) : Number(sdk[0]) };
  },
  /** Installed apps with where their code lies; each name once. */
  packagesOf(
    list: Uint8Array,
  ): readonly { readonly name: string; readonly path: string; readonly withSystem: boolean }[] {
    const { records } = parseExhibit({ collector: 'packages', command: 'pm list packages -f', bytes: list, context });
    const found = new Map<string, { readonly name: string; readonly path: string; readonly withSystem: boolean }>();
    for (const one of records)
      if (one.kind === 'package' && one.path !== null && !found.has(one.name))
        found.set(one.name, { name: one.name, path: one.path, withSystem: systemFromPath(one.path) === true });
    return [...found.values()];
  },
  /** The names that any form of `pm list packages` tells, each once. */
  packageNamesOf(list: Uint8Array): readonly string[] {
    const { records } = parseExhibit({ collector: 'packages', command: 'pm list packages', bytes: list, context });
    return [...new Set(records.flatMap((one) => (one.kind === 'package' ? [one.name] : [])))];
  },
  /** `UserInfo{ID:NAME:FLAGS}`, a line each in `dumpsys user` and `pm list users`. */
  userIdsOf: (list: Uint8Array): readonly number[] => {
    const text = new TextDecoder().decode(list.subarray(0, 256 * 1024));
    const ids = [...text.matchAll(/^\s*UserInfo\{(\d{1,6}):/gm)].map(([, id]) => Number(id));
    return [...new Set(ids)].slice(0, 20);
  },
  /** Version codes by package, of `pm list packages --show-versioncode`. */
  versionsOf(list: Uint8Array): ReadonlyMap<string, string> {
    const command = 'pm list packages --show-versioncode';
    const { records } = parseExhibit({ collector: 'packages', command, bytes: list, context });
    return new Map(
      records.flatMap((one) =>
        one.kind === 'package' && one.versionCode !== null ? [[one.name, one.versionCode] as const] : [],
      ),
    );
  },
  /** `pm path PACKAGE`: one line `package:PATH` a file. */
  pathsOf: (answer: Uint8Array): readonly string[] =>
    new TextDecoder()
      .decode(answer.subarray(0, 256 * 1024))
      .split('\n')
      .flatMap((line) => /^package:(\/.{1,1000}?)\r*$/.exec(line)?.[1] ?? []),
  /** Numbers of the getters of `iphonesubinfo` on this release. */
  phoneCallsOf: (release: string | null): readonly number[] => [
    ...new Set(phoneTransactionsOf(release).map(({ code }) => code)),
  ],
  /** Those that ask for one slot or one card. */
  cardCallsOf: (release: string | null) =>
    cardTransactionsOf(release).map(({ code, names, kind }) => ({ code, names, kind })),
  /** Ids of the cards that `dumpsys isub` says are in a slot; null where it says nothing of cards. */
  subscriptionsOf(dump: Uint8Array): readonly number[] | null {
    const { text } = readHandsetText(dump, maxDumpBytes);
    return saysCards.test(text) ? subscriptionsInSlots(text) : null;
  },
} as const;
