import type { FactTopic, RecordBody } from '../../shared/model/record.ts';

/** android.os.UserHandle.PER_USER_RANGE: user 10 runs the app 10123 as 1010123. */
const perUser = 100_000;

const joined: ReadonlySet<FactTopic> = new Set(['traffic', 'socket', 'network']);

/**
 * Names the app whose user id (UID) a fact of bytes, sockets or a VPN is about, where the packages read before it in the same acquisition
 * have exactly one with that number: several that share one, and the system's own, stay a number.
 */
export class UidJoin {
  readonly #owners = new Map<string, Map<number, Set<string>>>();

  /** Takes the packages of one exhibit; the other records come back, those about a UID with its app. */
  join(acquisition: string | null, records: readonly RecordBody[]): readonly RecordBody[] {
    const key = acquisition ?? '';
    const owners = this.#owners.get(key) ?? new Map<number, Set<string>>();
    this.#owners.set(key, owners);
    for (const record of records) {
      if (record.kind !== 'package' || record.uid === null) continue;
      const names = owners.get(record.uid) ?? new Set<string>();
      owners.set(record.uid, names.add(record.name));
    }
    return records.map((record) => {
      if (record.kind !== 'fact' || record.package !== null || !joined.has(record.topic)) return record;
      const uid = /^uid (\d{1,10})(?:\/|$)/.exec(record.name)?.[1];
      const [only, ...others] = uid === undefined ? [] : (owners.get(Number(uid) % perUser) ?? []);
      return only === undefined || others.length > 0 ? record : { ...record, package: only };
    });
  }
}
