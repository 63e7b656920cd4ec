import cliEn from '../../shared/locale/cli.en.json' with { type: 'json' };
import cliZhHant from '../../shared/locale/cli.zh-Hant.json' with { type: 'json' };
import windowEn from '../../shared/locale/en.json' with { type: 'json' };
import en from '../../shared/locale/report.en.json' with { type: 'json' };
import zhHant from '../../shared/locale/report.zh-Hant.json' with { type: 'json' };
import windowZhHant from '../../shared/locale/zh-Hant.json' with { type: 'json' };
import type { Salt } from '../analysis/search/patterns.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { escapeText } from './markup.ts';
import { createRedactor, ownHashes } from './redactor.ts';
import type { Place } from './redactor.ts';
import type { ReportInput } from './report-input.ts';

/**
 * The detector run on our own report: every place of a finished text in which a listed identifier still stands, in any
 * writing that the analysis knows. Empty for a report that keeps its promise (handbook: investigation.md, rule 10).
 */
export function findIdentifiers(
  text: string,
  identifiers: readonly Identifier[],
  salts: readonly Salt[] = [],
): readonly Place[] {
  return createRedactor(identifiers, salts).places(Buffer.from(text, 'utf8'));
}

/**
 * As `findIdentifiers`, without the places that say nothing of a person because they would stand there whatever the case
 * holds: the sentences of our own catalogues (an SSID «Report»), tags and the style sheet, names of JSON fields, our own
 * hashes, and figures of up to six digits (a cell «1234» and a count of 1234). One place left over stops an export.
 *
 * @param text a finished report, HTML or JSON
 */
export function unmaskedPlaces(text: string, input: ReportInput): readonly Place[] {
  const found = findIdentifiers(text, input.identifiers, input.salts);
  if (found.length === 0) return found;
  const bytes = Buffer.from(text, 'utf8');
  const ours = [...ownStretches(text), ...hashStretches(text, input)].sort((a, b) => a[0] - b[0]);
  const outside = placesOutside(found, ours);
  const wordsWith = ownWordsByPart();
  return outside.filter((place) => {
    const matched = bytes.subarray(place.start, place.end);
    if (place.transform.length > 0) return true;
    return !isFigure(matched) && !wordsWith(matched).some((words) => standsWithin(bytes, place, matched, words));
  });
}

type Stretch = readonly [start: number, end: number];

const isFigure = (matched: Buffer): boolean => /^\d{1,6}$/.test(matched.toString('latin1'));

/** What no outside text reaches: hostile text is escaped in HTML, so that `<` always begins a tag of ours. */
const htmlOwn =
  /<style>[^<]*<\/style>|<\/?[a-z][a-z0-9]*|\s(?:class|scope|role|lang|charset|name|content|http-equiv)="[^"<]*"/g;
const jsonOwn = /^\s*"[A-Za-z0-9]+":/gm;

function ownStretches(text: string): Stretch[] {
  const pattern = text.startsWith('<!doctype html>') ? htmlOwn : jsonOwn;
  return stretchesOf(text, pattern, () => true);
}

function hashStretches(text: string, input: ReportInput): Stretch[] {
  const hashes = new Set<string>();
  collectHashes(input, hashes);
  return stretchesOf(text, /\b[0-9a-f]{16,64}\b/g, (token) => hashes.has(token));
}

function collectHashes(value: unknown, into: Set<string>): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, item] of Object.entries(value)) {
    if (typeof item !== 'string') collectHashes(item, into);
    else if (ownHashes.has(key)) into.add(item);
  }
}

/** Matches as stretches of the text's UTF-8 bytes, counted once from front to back. */
function stretchesOf(text: string, pattern: RegExp, wanted: (token: string) => boolean): Stretch[] {
  const stretches: Stretch[] = [];
  let atCharacter = 0;
  let atByte = 0;
  for (const match of text.matchAll(pattern)) {
    atByte += Buffer.byteLength(text.slice(atCharacter, match.index));
    const length = Buffer.byteLength(match[0]);
    if (wanted(match[0])) stretches.push([atByte, atByte + length]);
    atCharacter = match.index + match[0].length;
    atByte += length;
  }
  return stretches;
}

/** Both lists are in order; stretches do not overlap one another. */
function placesOutside(places: readonly Place[], stretches: readonly Stretch[]): Place[] {
  let next = 0;
  return places.filter((place) => {
    while ((stretches[next]?.[1] ?? Number.POSITIVE_INFINITY) <= place.start) next += 1;
    const stretch = stretches[next];
    return stretch === undefined || place.start < stretch[0] || place.end > stretch[1];
  });
}

/** What stands between the parameters of every message, escaped as the page writes it. */
const ownSentences: readonly Buffer[] = [
  ...new Set(
    [cliEn, cliZhHant, windowEn, en, zhHant, windowZhHant].flatMap((catalogue) =>
      Object.values(catalogue)
        .flatMap((message) => message.split(/[{}#]/))
        .map((part) => escapeText(part.trim()))
        .filter((part) => part.length > 1),
    ),
  ),
].map((part) => Buffer.from(part, 'utf8'));

function ownWordsByPart(): (part: Buffer) => readonly Buffer[] {
  const known = new Map<string, readonly Buffer[]>();
  return (part) => {
    const key = part.toString('latin1');
    const sentences = known.get(key) ?? ownSentences.filter((sentence) => sentence.includes(part));
    known.set(key, sentences);
    return sentences;
  };
}

/** Whether the whole sentence stands around the place. */
function standsWithin(bytes: Buffer, place: Place, matched: Buffer, sentence: Buffer): boolean {
  for (let at = sentence.indexOf(matched); at !== -1; at = sentence.indexOf(matched, at + 1)) {
    const from = place.start - at;
    if (from >= 0 && bytes.subarray(from, from + sentence.length).equals(sentence)) return true;
  }
  return false;
}
