import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { caseLayout } from './case-layout.ts';
import { replaceFile } from './durable-files.ts';
import type { IndexDigests } from './index-digest.ts';

/** `index.json`: names the current index. Written whole by rename. */
export interface IndexPointer {
  readonly generation: number;
  readonly file: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly schemaVersion: number;
  readonly engineVersion: string;
  /** Digest of what of the case it was built from (`inputsDigest`). */
  readonly inputs: string;
  readonly digests: IndexDigests;
}

/** The pointer hashes itself, so that a changed byte in it is found as one in the index is. */
function encode(pointer: IndexPointer): string {
  const content = JSON.stringify(pointer);
  return `${content.slice(0, -1)},"check":"${checkOf(content)}"}\n`;
}

const checkOf = (content: string): string => createHash('sha256').update(content).digest('hex');

export function writePointer(directory: string, pointer: IndexPointer): void {
  replaceFile(caseLayout.pointer(directory), Buffer.from(encode(pointer), 'utf8'));
}

/** The pointer; `null` when there is none, `'damaged'` when it is not exactly what this program writes. */
export function readPointer(directory: string): IndexPointer | null | 'damaged' {
  const file = caseLayout.pointer(directory);
  if (!fs.existsSync(file)) return null;
  try {
    // Another version's pointer may have other fields; the check at its end is the same in all.
    const match = /^(.*),"check":"([0-9a-f]{64})"\}\n$/s.exec(fs.readFileSync(file, 'utf8'));
    const content = `${match?.[1] ?? ''}}`;
    if (match?.[2] !== checkOf(content)) return 'damaged';
    const pointer = JSON.parse(content) as IndexPointer;
    return /^index-\d{1,12}\.sqlite$/.test(pointer.file) ? pointer : 'damaged';
  } catch {
    return 'damaged';
  }
}

export function indexFile(directory: string, pointer: IndexPointer): string {
  return path.join(directory, pointer.file);
}

/** Index files and unfinished ones in a case folder, with their generation. */
export function listIndexFiles(directory: string): readonly { readonly name: string; readonly generation: number }[] {
  return fs.readdirSync(directory).flatMap((name) => {
    const match = /^index-(\d{1,12})\.sqlite(\.building)?(-journal)?$/.exec(name);
    return match === null ? [] : [{ name, generation: Number(match[1]) }];
  });
}
