import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { StoredCode } from '../acquisition/take-over.ts';
import { takenOverCommand } from '../acquisition/take-over.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import { noFacts, parseStored } from './parse-stored.ts';

/** Parts of apps' code that these acquisitions have whole, and of which it is known what the handset said of them. */
export function storedCodeOf(reader: CaseReader, acquisitions: readonly string[]): readonly StoredCode[] {
  return acquisitions.flatMap((acquisition) =>
    reader.exhibits({ acquisition }).flatMap((exhibit) => {
      const { id, kind, origin, outcome, bytes, sha256 } = exhibit;
      if (kind !== 'apk' || outcome !== 'read' || origin.type !== 'pull') return [];
      const { path, package: owner, told } = origin;
      // A handset that told another size than what came is asked again.
      if (owner === undefined || told === undefined || told.sizeBytes !== bytes) return [];
      const versionCode = versionCodeOf(reader, exhibit);
      return [{ exhibit: id, acquisition, package: owner, path, bytes, sha256, told, versionCode }];
    }),
  );
}

function versionCodeOf(reader: CaseReader, exhibit: Exhibit): string | null {
  const parsed = parseStored(reader, exhibit, noFacts);
  if (!parsed.ok) return null;
  const found = parsed.value.records.find((one) => one.kind === 'fact' && one.name.endsWith('/version-code'));
  return found?.kind === 'fact' ? found.value : null;
}

const mostListBytes = 64 * 1024 * 1024;

/** Ids of the exhibits that an acquisition took over from those it goes on with, by the list it stored of them. */
export function takenOverBy(reader: CaseReader, own: readonly Exhibit[]): ReadonlySet<string> {
  const ids = new Set<string>();
  for (const { id, collector, origin, originalName } of own) {
    if (collector !== 'app-code' || origin.type !== 'workstation' || originalName !== `${takenOverCommand}.json`)
      continue;
    const bytes = reader.readExhibit(id, mostListBytes);
    if (!bytes.ok) continue;
    for (const one of exhibitsListed(bytes.value.toString('utf8'))) ids.add(one);
  }
  return ids;
}

function exhibitsListed(text: string): readonly string[] {
  try {
    const { files } = JSON.parse(text) as { readonly files?: unknown };
    return (Array.isArray(files) ? files : []).flatMap((one: unknown) => {
      const exhibit = (one as { readonly exhibit?: unknown } | null)?.exhibit;
      return typeof exhibit === 'string' ? [exhibit] : [];
    });
  } catch {
    return [];
  }
}
