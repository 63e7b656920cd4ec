import { createHash } from 'node:crypto';
import type { CaseReader } from './readers/case-reader.ts';

/**
 * Digest of everything of a case that an index is built from, in order: exhibits, identifiers, events, handsets,
 * and which exhibits are one capture.
 * An index with another digest is stale.
 */
export function inputsDigest(reader: CaseReader, engineVersion: string): string {
  const inputs = {
    engineVersion,
    exhibits: reader.exhibits(),
    identifiers: reader.identifiers(),
    events: reader.events(),
    handsets: reader.handsets(),
    joined: reader.joinedCaptures(),
  };
  return createHash('sha256').update(JSON.stringify(inputs)).digest('hex');
}
