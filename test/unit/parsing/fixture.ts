import { readFileSync } from 'node:fs';
import { parseExhibit } from '../../../main/parsing/parse-exhibit.ts';
import type { ParseContext, ParseResult } from '../../../main/parsing/parse-result.ts';
import type { RecordBody } from '../../../shared/model/record.ts';

const folder = new URL('../../fixtures/handset/', import.meta.url);

/** 7 August 2014, 12:00 in Taipei, by the workstation; the handset runs 37.5 s ahead. */
export const august2014: ParseContext = {
  collectedAt: '2014-08-07T04:00:00.000000Z',
  handsetClock: { offsetMs: 37_500, boundMs: 20, zone: 'Asia/Taipei' },
  release: '4.3',
};

export function fixtureBytes(name: string): Uint8Array {
  return readFileSync(new URL(name, folder));
}

export function parseFixture(name: string, command: string, context: ParseContext = august2014): ParseResult {
  return parseExhibit({ collector: null, command, bytes: fixtureBytes(name), context });
}

export function parseText(text: string, command: string, context: ParseContext = august2014): ParseResult {
  return parseExhibit({ collector: null, command, bytes: new TextEncoder().encode(text), context });
}

export function ofKind<K extends RecordBody['kind']>(result: ParseResult, kind: K): Extract<RecordBody, { kind: K }>[] {
  return result.records.filter((record): record is Extract<RecordBody, { kind: K }> => record.kind === kind);
}
