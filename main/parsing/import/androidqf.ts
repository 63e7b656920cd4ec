/**
 * What androidqf leaves of a handset, by the names of its files. Source: its public repository mvt-project/androidqf, README («How to
 * use»), docs/acquisition-archives.md and modules/*.go (which command each file holds).
 */
const outputs: readonly { readonly name: RegExp; readonly command: (match: RegExpExecArray) => string }[] = [
  { name: /^getprop\.txt$/, command: () => 'getprop' },
  { name: /^settings_(system|secure|global)\.txt$/, command: ([, table = '']) => `settings list ${table}` },
  { name: /^dumpsys\.txt$/, command: () => 'dumpsys' },
  { name: /^logcat\.txt$/, command: () => 'logcat -d -b all *:V' },
  { name: /^logcat_old\.txt$/, command: () => 'logcat -L -b all *:V' },
  { name: /^services\.txt$/, command: () => 'service list' },
  { name: /^bugreport\.zip$/, command: () => 'bugreport' },
];

/** The command whose output a file of an acquisition is, or null. `dumpsys` and `bugreport` hold the outputs of many. */
export function androidqfCommand(name: string): string | null {
  for (const one of outputs) {
    const match = one.name.exec(name);
    if (match !== null) return one.command(match);
  }
  return null;
}

export interface AndroidqfFacts {
  readonly uuid: string | null;
  readonly version: string | null;
  /** As the tool says, by the clock of the computer it ran on. */
  readonly started: string | null;
}

/** Reads `acquisition.json`; what is missing or of another kind is null. Does not throw on any text. */
export function androidqfFacts(json: string): AndroidqfFacts {
  let said: unknown = null;
  try {
    said = JSON.parse(json);
  } catch {
    // Whoever asks says that nothing was found.
  }
  const field = (name: string): string | null => {
    const value = typeof said === 'object' && said !== null ? (said as Record<string, unknown>)[name] : undefined;
    return typeof value === 'string' && value !== '' ? value.slice(0, 100) : null;
  };
  return { uuid: field('uuid'), version: field('androidqf_version'), started: field('started') };
}

export interface AndroidqfHash {
  readonly name: string;
  readonly sha256: string;
}

/** Rows of `hashes.csv`: the name of a file (older versions: its whole path) and its SHA-256. Other lines are counted. */
export function androidqfHashes(csv: string): { readonly rows: readonly AndroidqfHash[]; readonly unread: number } {
  const rows: AndroidqfHash[] = [];
  let unread = 0;
  for (const line of csv.split(/\r?\n/)) {
    if (line === '') continue;
    const [, quoted, plain, sha256] =
      /^(?:"((?:[^"]|""){1,2000})"|([^",]{1,2000})),([0-9a-fA-F]{64})$/.exec(line) ?? [];
    if (sha256 === undefined || rows.length >= 100_000) unread += 1;
    else
      rows.push({
        name: (quoted?.replaceAll('""', '"') ?? plain ?? '').replaceAll('\\', '/'),
        sha256: sha256.toLowerCase(),
      });
  }
  return { rows, unread };
}
