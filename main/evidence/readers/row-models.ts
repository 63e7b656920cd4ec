import type { ClaimRow, DecisionRow, ProtocolRow, RunRow } from '../case-types.ts';
import { DamagedRow } from '../durable-files.ts';
import type { Complaint } from '../../../shared/model/claim.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Exhibit, JoinedCapture } from '../../../shared/model/exhibit.ts';
import { readUndo } from '../../../shared/model/handset-change.ts';
import type { ChangeEnd, JournalledChange } from '../../../shared/model/handset-change.ts';
import { readIdentity } from '../../../shared/model/handset-identity.ts';
import type { CaseHandset } from '../../../shared/model/handset.ts';
import type { Identifier } from '../../../shared/model/identifier.ts';

/**
 * Rows of case.sqlite as the words of the project. The types of the columns are what STRICT tables and our own writer
 * keep; a row that somebody changed is found by `verify`, not here.
 */
export type RawRow = Readonly<Record<string, unknown>>;

export function toExhibit(row: RawRow): Exhibit {
  return {
    id: row['id'],
    originalName: row['original_name'],
    sha256: row['sha256'],
    bytes: row['bytes'],
    kind: row['kind'],
    label: row['label'],
    handset: row['handset'],
    run: row['run'],
    outcome: row['outcome'],
    packets: row['packets'],
    fault: row['fault'],
    acquisition: row['acquisition'],
    collector: row['collector'],
    addedAt: row['added_at'],
    origin: fromJson(row['origin']),
  } as Exhibit;
}

export function toJoinedCapture(row: RawRow): JoinedCapture {
  return { id: row['id'], exhibits: fromJson(row['exhibits']), addedAt: row['added_at'] } as JoinedCapture;
}

export function toHandset(row: RawRow): CaseHandset {
  return {
    id: row['id'],
    label: row['label'],
    serial: row['serial'],
    role: row['role'],
    addedAt: row['added_at'],
  } as CaseHandset;
}

export function toHandsetChange(row: RawRow, ends: readonly ChangeEnd[]): JournalledChange {
  return {
    id: row['id'],
    handset: row['handset'],
    serial: row['serial'],
    act: row['act'],
    command: row['command'],
    reason: row['reason'],
    undo: readUndo(fromJson(row['undo'])),
    identity: readIdentity(fromJson(row['identity'] ?? null)),
    begunAt: row['begun_at'],
    ends,
  } as JournalledChange;
}

export function toChangeEnd(row: RawRow): ChangeEnd {
  return { endedAt: row['ended_at'], outcome: row['outcome'], why: row['why'] } as ChangeEnd;
}

export function toIdentifier(row: RawRow): Identifier {
  return {
    id: row['id'],
    handset: row['handset'],
    kind: row['kind'],
    value: row['value'],
    original: row['original'],
    source: row['source'],
    addedAt: row['added_at'],
    warnings: fromJson(row['warnings']),
  } as Identifier;
}

export function toEvent(row: RawRow): CaseEvent {
  return {
    id: row['id'],
    run: row['run'],
    label: row['label'],
    handset: row['handset'],
    kind: row['kind'],
    at: row['at'],
    atHandset: row['at_handset'],
    text: row['text'],
    source: row['source'],
  } as CaseEvent;
}

export function toComplaint(row: RawRow): Complaint {
  return {
    id: row['id'],
    handset: row['handset'],
    text: row['text'],
    receivedAt: row['received_at'],
    from: row['received_from'],
    package: row['package'],
    labelBefore: row['label_before'],
    labelAfter: row['label_after'],
    // A case of the first format, opened for reading only, has no such column.
    symptom: row['symptom'] ?? null,
  } as Complaint;
}

export function toClaim(row: RawRow): ClaimRow {
  return {
    id: row['id'],
    text: row['text'],
    statedAt: row['stated_at'],
    source: row['source'],
    predicates: fromJson(row['predicates']),
    addedAt: row['added_at'],
  } as ClaimRow;
}

export function toProtocol(row: RawRow): ProtocolRow {
  return {
    id: row['id'],
    name: row['name'],
    version: row['version'],
    steps: fromJson(row['steps']),
    addedAt: row['added_at'],
  } as ProtocolRow;
}

export function toRun(row: RawRow): RunRow {
  return {
    id: row['id'],
    protocol: row['protocol'],
    handset: row['handset'],
    label: row['label'],
    startedAt: row['started_at'],
    note: row['note'],
  } as RunRow;
}

export function toDecision(row: RawRow): DecisionRow {
  return {
    findingKey: row['finding_key'],
    verdict: row['verdict'],
    reason: row['reason'],
    by: row['decided_by'],
    at: row['decided_at'],
  } as DecisionRow;
}

/** What was written as JSON is none any more: a changed row, not a bug. */
function fromJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch (error) {
    throw new DamagedRow(error instanceof Error ? error.message : String(error));
  }
}
