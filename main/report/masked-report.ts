import type { Finding } from '../../shared/model/finding.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import { maskIdentifier, maskWithin } from './mask.ts';
import type { ReportFinding, ReportInput } from './report-input.ts';

/** Bytes around a match with the match itself taken out. */
export interface MaskedContext {
  /** Printable rendering, other bytes as `·`. */
  readonly before: string;
  readonly matchBytes: number;
  readonly after: string;
}

export interface MaskedFinding {
  readonly finding: Finding;
  readonly statement: string;
  readonly identifierMasked: string | null;
  readonly context: MaskedContext | null;
}

/** What is printed: the input with every listed identifier masked, wherever it stands in a text. */
export interface MaskedReport extends Omit<ReportInput, 'findings' | 'identifiers'> {
  readonly identifiers: readonly Identifier[];
  readonly findings: readonly MaskedFinding[];
}

const contextBytes = 48;

/** Masks a report. Pure: same input, same output. */
export function maskReport(input: ReportInput): MaskedReport {
  const values = input.identifiers
    .flatMap((one) => [
      { kind: one.kind, value: one.value },
      { kind: one.kind, value: one.original },
    ])
    .sort((a, b) => b.value.length - a.value.length);
  const text = (one: string): string => maskWithin(one, values);
  const textOrNull = (one: string | null): string | null => (one === null ? null : text(one));
  return {
    ...input,
    handsets: input.handsets.map((one) => ({
      ...one,
      serial: one.serial === null ? null : maskIdentifier('serial', one.serial),
    })),
    identifiers: input.identifiers.map((one) => ({
      ...one,
      value: maskIdentifier(one.kind, one.value),
      original: maskIdentifier(one.kind, one.original),
    })),
    acquisitions: input.acquisitions.map((one) => ({ ...one, serial: maskIdentifier('serial', one.serial) })),
    exhibits: input.exhibits.map((one) => ({
      ...one,
      originalName: text(one.originalName),
      fault: textOrNull(one.fault),
    })),
    events: input.events.map((one) => ({ ...one, text: text(one.text) })),
    comparisons: input.comparisons.map((pair) => ({
      ...pair,
      changes: pair.changes.map((change) => ({
        ...change,
        subject: text(change.subject),
        before: textOrNull(change.before),
        after: textOrNull(change.after),
        meaning: text(change.meaning),
      })),
    })),
    claims: input.claims.map((one) => ({ ...one, why: text(one.why) })),
    custody: input.custody.map((one) => ({ ...one, note: textOrNull(one.note) })),
    findings: input.findings.map((one) => maskFinding(one, input.identifiers, text)),
  };
}

function maskFinding(
  one: ReportFinding,
  identifiers: readonly Identifier[],
  text: (t: string) => string,
): MaskedFinding {
  const wanted = one.finding.identifier;
  const identifier = wanted === null ? undefined : identifiers.find((candidate) => candidate.id === wanted.id);
  return {
    finding: { ...one.finding, statement: text(one.finding.statement) },
    statement: text(one.statement),
    identifierMasked: identifier === undefined ? null : maskIdentifier(identifier.kind, identifier.value),
    context: one.context === null ? null : maskContext(one.context, text),
  };
}

function maskContext(
  context: { readonly base64: string; readonly matchStart: number; readonly matchEnd: number },
  text: (t: string) => string,
): MaskedContext {
  const bytes = Buffer.from(context.base64, 'base64');
  const from = Math.max(0, context.matchStart - contextBytes);
  const to = Math.min(bytes.length, context.matchEnd + contextBytes);
  return {
    before: text(printable(bytes.subarray(from, context.matchStart))),
    matchBytes: context.matchEnd - context.matchStart,
    after: text(printable(bytes.subarray(context.matchEnd, to))),
  };
}

function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
}
