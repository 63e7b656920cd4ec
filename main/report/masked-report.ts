import type { CaseSummary } from '../../shared/model/custody.ts';
import type { FindingDraft } from '../../shared/model/finding.ts';
import { bySeriousness } from '../../shared/model/finding-order.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { maskIdentifier, maskSerial } from './mask.ts';
import type { Place, Redactor } from './redactor.ts';
import { createRedactor } from './redactor.ts';
import { repeatFinding } from './repeat.ts';
import type { RepeatStep } from './repeat.ts';
import type { ReportFinding, ReportInput } from './report-input.ts';

/** A stretch of the bytes around a match: as it stands, or taken out. */
export type ContextPiece =
  | { readonly shown: string }
  | { readonly id: string; readonly kind: Place['kind']; readonly bytes: number; readonly match: boolean };

export interface MaskedFinding extends Omit<ReportFinding, 'context'> {
  readonly identifierMasked: string | null;
  readonly context: readonly ContextPiece[] | null;
  readonly repeat: readonly RepeatStep[];
}

/** What is printed: the input with every listed identifier masked, in whatever writing and wherever it stands. */
export interface MaskedReport extends Omit<ReportInput, 'findings' | 'summary' | 'salts'> {
  readonly summary: Omit<CaseSummary, 'directory' | 'writer' | 'indexGeneration'>;
  readonly findings: readonly MaskedFinding[];
}

/** Bytes shown on either side of a match. */
const contextBytes = 48;

/** Masks a report. Pure: same input, same output. */
export function maskReport(input: ReportInput): MaskedReport {
  const { findings, identifiers, summary, handsets, acquisitions, salts, ...rest } = input;
  const redactor = createRedactor(identifiers, salts);
  // Where the case lies on this workstation, and who writes to it now, is nobody else's business.
  const { directory: _directory, writer: _writer, indexGeneration: _generation, ...about } = summary;
  return {
    ...redactor.deep(rest),
    summary: redactor.deep(about),
    handsets: handsets.map((one) => ({
      ...redactor.deep(one),
      serial: one.serial === null ? null : maskSerial(one.serial),
    })),
    acquisitions: acquisitions.map((one) => ({ ...redactor.deep(one), serial: maskSerial(one.serial) })),
    identifiers: identifiers.map((one) => ({
      ...redactor.deep(one),
      value: maskIdentifier(one.kind, one.value),
      original: maskIdentifier(one.kind, one.original),
    })),
    // A reader begins with what weighs most; the order is the same in every format.
    findings: findings
      .toSorted((a, b) => bySeriousness(a.finding, b.finding))
      .map((one) => maskFinding(one, identifiers, redactor)),
  };
}

function maskFinding(one: ReportFinding, identifiers: readonly Identifier[], redactor: Redactor): MaskedFinding {
  const { context, ...rest } = one;
  const wanted = one.finding.identifier;
  const identifier = wanted === null ? undefined : identifiers.find((candidate) => candidate.id === wanted.id);
  return {
    ...redactor.deep(rest),
    identifierMasked: identifier === undefined ? null : maskIdentifier(identifier.kind, identifier.value),
    context: context === null ? null : maskContext(context, one, redactor),
    repeat: repeatFinding(one),
  };
}

function maskContext(
  context: NonNullable<FindingDraft['context']>,
  one: ReportFinding,
  redactor: Redactor,
): ContextPiece[] {
  const bytes = Buffer.from(context.base64, 'base64');
  const { matchStart, matchEnd } = context;
  const { identifier, transform } = one.finding;
  const match: Place = {
    start: matchStart,
    end: matchEnd,
    id: identifier?.id ?? '',
    kind: identifier?.kind ?? 'custom',
    transform,
  };
  // The search runs over the whole context, so that what the window cuts through is still recognised.
  const others = redactor.places(bytes).filter((place) => place.end <= matchStart || place.start >= matchEnd);
  const around = redactor.places(bytes).filter((place) => place.start < matchEnd && place.end > matchStart);
  const start = Math.min(matchStart, ...around.map((place) => place.start));
  const end = Math.max(matchEnd, ...around.map((place) => place.end));
  const places = [...others, { ...match, start, end }].toSorted((a, b) => a.start - b.start);
  return piecesOf(bytes, places, Math.max(0, start - contextBytes), Math.min(bytes.length, end + contextBytes), start);
}

function piecesOf(
  bytes: Uint8Array,
  places: readonly Place[],
  from: number,
  to: number,
  matchStart: number,
): ContextPiece[] {
  const pieces: ContextPiece[] = [];
  let at = from;
  for (const place of places) {
    if (place.end <= at || place.start >= to) continue;
    if (place.start > at) pieces.push({ shown: printable(bytes.subarray(at, place.start)) });
    const { id, kind } = place;
    pieces.push({ id, kind, bytes: place.end - place.start, match: place.start === matchStart });
    at = place.end;
  }
  if (at < to) pieces.push({ shown: printable(bytes.subarray(at, to)) });
  return pieces;
}

/** Printable ASCII as it is, other bytes as `·`: no byte of a handset reaches the page as a control character. */
function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
}
