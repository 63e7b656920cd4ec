import fs from 'node:fs';
import type { CaseReader } from './readers/case-reader.ts';
import { problemOf } from './durable-files.ts';
import { damageOfIndexFile } from './index-damage.ts';
import { indexFile, readPointer } from './index-pointer.ts';
import type { IndexPointer } from './index-pointer.ts';
import { indexSchemaVersion, indexTables } from './index-tables.ts';
import type { VerifyOptions } from './verify.ts';
import type { CheckLine } from '../../shared/model/custody.ts';

/**
 * The index against its pointer (every byte), and against a rebuild (what it says).
 * @param evidenceIsGood false: what it would be rebuilt from is damaged, so a rebuild could only differ
 */
export async function checkIndex(
  reader: CaseReader,
  rebuild: VerifyOptions['rebuildIndex'],
  evidenceIsGood: boolean,
): Promise<readonly CheckLine[]> {
  const pointer = readPointer(reader.directory);
  if (pointer === null) return [good('index', 'there is none: it can be built at any time')];
  if (pointer === 'damaged') return [bad('index.json', 'was changed')];
  const file = indexFile(reader.directory, pointer);
  if (!fs.existsSync(file)) return [good('index', 'was deleted: it can be built at any time')];
  const wrong = damageOfIndexFile(file, pointer, 'hash-again');
  if (wrong !== null) return [bad(pointer.file, wrong)];
  const lines = [good(pointer.file, `${pointer.bytes} bytes as they were published`)];
  return [...lines, ...(await compareRebuild(reader, pointer, rebuild, evidenceIsGood))];
}

async function compareRebuild(
  reader: CaseReader,
  pointer: IndexPointer,
  rebuild: VerifyOptions['rebuildIndex'],
  evidenceIsGood: boolean,
): Promise<readonly CheckLine[]> {
  if (!evidenceIsGood) return [good('rebuild', 'not compared: the evidence itself is damaged')];
  if (pointer.schemaVersion !== indexSchemaVersion) return [good('rebuild', 'not compared: of another version')];
  if (reader.indexState().state === 'stale') return [good('rebuild', 'not compared: the case has changed since')];
  const opened = reader.openIndex();
  if (!opened.ok) return [bad(pointer.file, opened.problem.detail ?? opened.problem.code)];
  try {
    const said = opened.value.canonicalDigest();
    const changed = indexTables.find(({ name }) => said[name] !== pointer.digests[name]);
    if (changed !== undefined) return [bad(`table ${changed.name}`, 'is not what the pointer digested')];
    if (rebuild === undefined) return [good('rebuild', 'not asked for')];
    const rebuilt = await rebuild(reader.directory);
    if (!rebuilt.ok) return [bad('rebuild', `was not possible: ${rebuilt.problem.detail ?? rebuilt.problem.code}`)];
    return indexTables.map(({ name }) =>
      said[name] === rebuilt.value[name]
        ? good(`table ${name}`, null)
        : bad(`table ${name}`, 'a rebuild says otherwise'),
    );
  } catch (error) {
    const { problem } = problemOf(error, pointer.file);
    return [bad(pointer.file, `cannot be read: ${problem.detail ?? problem.code}`)];
  } finally {
    opened.value.close();
  }
}

const good = (subject: string, detail: string | null): CheckLine => ({ check: 'index', subject, ok: true, detail });
const bad = (subject: string, detail: string): CheckLine => ({ check: 'index', subject, ok: false, detail });
