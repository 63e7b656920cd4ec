import { adoptLeftovers } from './adopt.ts';
import type { CaseStore } from './case-store.ts';
import { unassigned } from './case-types.ts';
import type * as types from './case-types.ts';
import { insertChange, insertChangeEnd } from './change-rows.ts';
import type { NewChange } from './change-rows.ts';
import { appendNote } from './custody.ts';
import { beginExhibitWriter } from './exhibit-writer.ts';
import type { ExhibitWriter } from './exhibit-writer.ts';
import { removeIncoming } from './incoming.ts';
import type { ExhibitFinal, ExhibitMeta, ImportSource } from './incoming.ts';
import { findingNumber, freshNumbers } from './finding-numbers.ts';
import { beginIndexBuild } from './index-build.ts';
import type { IndexGeneration } from './index-build.ts';
import { isInstant } from './instants.ts';
import { writeIntake, writeIntakeSignature } from './intake-rows.ts';
import { CaseReader } from './readers/case-reader.ts';
import type { UnfinishedImport } from './readers/case-reader.ts';
import { nextNumber } from './row-numbers.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Acquisition } from '../../shared/model/acquisition.ts';
import { startedNote } from '../../shared/model/acquisition-note.ts';
import type { Complaint } from '../../shared/model/claim.ts';
import type { CaseEvent } from '../../shared/model/event.ts';
import type { Exhibit, JoinedCapture } from '../../shared/model/exhibit.ts';
import type { Decision } from '../../shared/model/finding.ts';
import { changeNote, undoLine } from '../../shared/model/handset-change.ts';
import type { ChangeEnd, JournalledChange } from '../../shared/model/handset-change.ts';
import type { CaseHandset } from '../../shared/model/handset.ts';
import type { Identifier } from '../../shared/model/identifier.ts';
import type { Intake } from '../../shared/model/intake.ts';
import type { Result } from '../../shared/model/problem.ts';

/**
 * The one writer of a case. Every method returns after what it did is on the disk; a refused one changes nothing.
 * Rows are never edited: a correction is a new row.
 */
export class CaseWriter extends CaseReader {
  readonly #store: CaseStore;
  readonly #arriving = new Set<ExhibitWriter>();
  /** What opening took in from a writer that had died. */
  readonly adopted: readonly Exhibit[];

  constructor(store: CaseStore, adopted: readonly Exhibit[]) {
    super(store.directory, store.database);
    this.#store = store;
    this.adopted = adopted;
  }

  addHandset(handset: types.NewHandset): Result<CaseHandset> {
    return this.#store.write(() => {
      const added = { id: `H${this.#next('handset')}`, ...handset, addedAt: this.#store.now() };
      const { id, label, serial, role, addedAt } = added;
      this.#store.append('handset', { id, label, serial, role, added_at: addedAt }, 'handset-added', id);
      return added;
    });
  }

  /** One id per (handset, kind, value); another source of the same value shares it; the same source twice is refused. */
  addIdentifier(identifier: types.NewIdentifier): Result<Identifier> {
    const refused = this.#unknownHandset(identifier.handset);
    if (refused !== null) return refused;
    const { handset, kind, value, original, source, warnings } = identifier;
    const same = this.identifiers({ handset }).filter((known) => known.kind === kind && known.value === value);
    const twin = same.find((known) => known.source === source);
    if (twin !== undefined) return fail('identifier-duplicate', { id: twin.id, source });
    return this.#store.write(() => {
      const id = same[0]?.id ?? `I${this.#distinctIdentifiers() + 1}`;
      const addedAt = this.#store.now();
      const row = { id, handset, kind, value, original, source, added_at: addedAt, warnings: JSON.stringify(warnings) };
      // The value itself stays out of the chain: what is published must not name anybody.
      this.#store.append('identifier', row, 'identifier-added', `${id} ${kind}`);
      return { id, handset, kind, value, original, source, addedAt, warnings };
    });
  }

  addEvent(event: types.NewEvent): Result<CaseEvent> {
    if (!isInstant(event.at)) return fail('instant-invalid', { value: event.at });
    const refused = event.handset === null ? null : this.#unknownHandset(event.handset);
    if (refused !== null) return refused;
    return this.#store.write(() => {
      const id = `EV${this.#next('event')}`;
      const { run, label, handset, kind, at, atHandset, text, source } = event;
      const row = { id, run, label, handset, kind, at, at_handset: atHandset, text, source };
      this.#store.append('event', row, 'event-added', `${id} ${kind}`);
      return { id, ...event };
    });
  }

  addComplaint(complaint: types.NewComplaint): Result<Complaint> {
    if (!isInstant(complaint.receivedAt)) return fail('instant-invalid', { value: complaint.receivedAt });
    const refused = complaint.handset === null ? null : this.#unknownHandset(complaint.handset);
    if (refused !== null) return refused;
    return this.#store.write(() => {
      const id = `CP${this.#next('complaint')}`;
      const row = {
        id,
        handset: complaint.handset,
        text: complaint.text,
        received_at: complaint.receivedAt,
        received_from: complaint.from,
        package: complaint.package,
        label_before: complaint.labelBefore,
        label_after: complaint.labelAfter,
        symptom: complaint.symptom ?? null,
      };
      this.#store.append('complaint', row, 'complaint-added', id);
      return { id, ...complaint };
    });
  }

  /** How a handset came in; a later one of the same handset corrects it. Problems: `handset-unknown`, `instant-invalid`. */
  addIntake(intake: types.NewIntake): Result<Intake> {
    if (intake.handset === unassigned) return fail('handset-unknown', { handset: intake.handset });
    return this.#unknownHandset(intake.handset) ?? writeIntake(this.#store, intake);
  }

  /** The writer's actor signs an intake that another person recorded. */
  signIntake(id: string): Result<Intake> {
    return writeIntakeSignature(this.#store, id);
  }

  /** Adds a claim, or a later wording of the claim with this id. */
  addClaim(claim: Omit<types.ClaimRow, 'addedAt'>): Result<types.ClaimRow> {
    return this.#store.write(() => {
      const { id, text, statedAt, source, predicates } = claim;
      const addedAt = this.#store.now();
      const row = { id, text, stated_at: statedAt, source, predicates: JSON.stringify(predicates), added_at: addedAt };
      this.#store.append('claim', row, 'claim-added', id);
      return { id, text, statedAt, source, predicates, addedAt };
    });
  }

  addProtocol(protocol: Omit<types.ProtocolRow, 'addedAt'>): Result<types.ProtocolRow> {
    if (this.protocols().some((known) => known.id === protocol.id))
      return fail('value-invalid', { value: protocol.id });
    return this.#store.write(() => {
      const { id, name, version, steps } = protocol;
      const addedAt = this.#store.now();
      const row = { id, name, version, steps: JSON.stringify(steps), added_at: addedAt };
      this.#store.append('protocol', row, 'protocol-added', id);
      return { id, name, version, steps, addedAt };
    });
  }

  addRun(run: Omit<types.RunRow, 'startedAt'>): Result<types.RunRow> {
    const refused = this.#unknownHandset(run.handset);
    if (refused !== null) return refused;
    if (this.runs().some((known) => known.id === run.id)) return fail('value-invalid', { value: run.id });
    return this.#store.write(() => {
      const { id, protocol, handset, label, note } = run;
      const startedAt = this.#store.now();
      this.#store.append('run', { id, protocol, handset, label, started_at: startedAt, note }, 'run-added', id);
      return { id, protocol, handset, label, startedAt, note };
    });
  }

  beginAcquisition(acquisition: types.NewAcquisition): Result<Acquisition> {
    const refused = this.#unknownHandset(acquisition.handset);
    if (refused !== null) return refused;
    return this.#store.write(() => {
      const { handset, label, run, profile, serial, ...scope } = acquisition;
      const id = `A${this.#next('acquisition')}`;
      const startedAt = this.#store.now();
      const begun = { id, handset, label, run, profile, serial };
      const note = startedNote(id, scope);
      this.#store.append('acquisition', { ...begun, started_at: startedAt }, 'acquisition-started', note);
      return { ...begun, ...scope, startedAt, endedAt: null, outcome: 'running' as const, detail: null };
    });
  }

  endAcquisition(id: string, end: types.AcquisitionEnd): Result<Acquisition> {
    const begun = this.acquisitions().find((known) => known.id === id);
    if (begun === undefined || begun.outcome !== 'running') return fail('value-invalid', { value: id });
    return this.#store.write(() => {
      const endedAt = this.#store.now();
      const row = { acquisition: id, ended_at: endedAt, outcome: end.outcome, detail: end.detail };
      this.#store.append('acquisition_end', row, 'acquisition-ended', `${id} ${end.outcome}`);
      return { ...begun, endedAt, outcome: end.outcome, detail: end.detail };
    });
  }

  /** Writes a change of a handset down before it is made. */
  beginChange(change: NewChange): Result<JournalledChange> {
    const refused = this.#unknownHandset(change.handset);
    return refused ?? insertChange(this.#store, change);
  }

  /** What became of a change; one that was left may be undone later: another end. */
  endChange(
    change: Pick<JournalledChange, 'id' | 'act' | 'command' | 'reason' | 'undo'>,
    end: Pick<ChangeEnd, 'outcome' | 'why'>,
  ): Result<ChangeEnd> {
    const { act, command, reason, undo } = change;
    const note = changeNote(act, { command, reason, undo: undoLine(undo ?? []), why: end.why });
    return insertChangeEnd(this.#store, change.id, end, note);
  }

  /**
   * Begins an exhibit whose bytes arrive piece by piece. With `source` it is a copy of that file, which waits when it is cut
   * off; `resumes` names such a copy (`unfinishedImports`): its bytes are given once more and compared, then it goes on.
   */
  beginExhibit(meta: ExhibitMeta, source: ImportSource | null = null, resumes?: string): Result<ExhibitWriter> {
    const refused = this.#unknownHandset(meta.handset);
    if (refused !== null) return refused;
    const writer = beginExhibitWriter(this.#store, meta, true, source, resumes);
    if (writer.ok) this.#arriving.add(writer.value);
    return writer;
  }

  /** Copies that were cut off and that nobody goes on with now. */
  override unfinishedImports(): readonly UnfinishedImport[] {
    const busy = new Set([...this.#arriving].filter((one) => one.isOpen).map((one) => one.id));
    return super.unfinishedImports().filter(({ id }) => !busy.has(id));
  }

  /** Takes away a copy that was cut off. False when there is none of that id. */
  discardImport(id: string): boolean {
    if (!this.unfinishedImports().some((one) => one.id === id)) return false;
    removeIncoming(this.directory, id);
    return true;
  }

  /** Stores an exhibit whose bytes are all there. On a problem nothing of it stays. */
  storeExhibit(bytes: Uint8Array, meta: ExhibitMeta, final: ExhibitFinal): Result<Exhibit> {
    const refused = this.#unknownHandset(meta.handset);
    if (refused !== null) return refused;
    const writer = beginExhibitWriter(this.#store, meta, false);
    if (!writer.ok) return writer;
    const written = writer.value.write(bytes);
    const stored = written.ok ? writer.value.finish(final) : written;
    if (!stored.ok) writer.value.abandon('could not be stored');
    return stored;
  }

  /**
   * States that these exhibits are the files of one recording, in time order. Refused (`exhibits-not-joined`) unless they are
   * two or more captures of one label, handset and run, each once and in no other such statement.
   */
  joinCaptures(exhibits: readonly string[]): Result<JoinedCapture> {
    const known = new Map(this.exhibits().map((one) => [one.id, one]));
    const taken = new Set(this.joinedCaptures().flatMap((one) => one.exhibits));
    const first = known.get(exhibits[0] ?? '');
    const fits = (id: string): boolean => {
      const one = known.get(id);
      if (one === undefined || first === undefined || one.kind !== 'capture' || taken.has(id)) return false;
      return one.label === first.label && one.handset === first.handset && one.run === first.run;
    };
    const wrong = exhibits.find((id) => !fits(id));
    if (wrong !== undefined || exhibits.length < 2 || new Set(exhibits).size < exhibits.length)
      return fail('exhibits-not-joined', { exhibits: exhibits.join(', ') });
    return this.#store.write(() => {
      const joined = { id: `J${this.#next('joined_capture')}`, exhibits, addedAt: this.#store.now() };
      const row = { id: joined.id, exhibits: JSON.stringify(exhibits), added_at: joined.addedAt };
      this.#store.append('joined_capture', row, 'captures-joined', `${joined.id} ${exhibits.join(' ')}`);
      return joined;
    });
  }

  decide(findingKey: string, decision: Pick<Decision, 'verdict' | 'reason'>): Result<Decision> {
    const number = this.findingNumbers().get(findingKey);
    if (number === undefined) return fail('finding-unknown', { key: findingKey });
    if (decision.reason.trim() === '') return fail('reason-missing');
    return this.#store.write(() => {
      const { verdict, reason } = decision;
      const by = this.#store.actor;
      const at = this.#store.now();
      const row = { finding_key: findingKey, verdict, reason, decided_by: by, decided_at: at };
      this.#store.append('decision', row, 'decision-made', `${findingNumber(number)} ${verdict}`);
      return { verdict, reason, by, at };
    });
  }

  /** Allots numbers to keys that have none, in key order after the highest. Returns how many were new. */
  allotNumbers(keys: readonly string[]): Result<number> {
    const fresh = freshNumbers(this.findingNumbers(), keys);
    if (fresh.length === 0) return ok(0);
    return this.#store.write(() => {
      for (const [key, number] of fresh) {
        this.#store.append('finding_number', { finding_key: key, number }, 'finding-numbered', findingNumber(number));
      }
      return fresh.length;
    });
  }

  /** A custody entry that names no row, e.g. `report-exported`. Keep identifiers out of the note: chains are published. */
  note(action: string, note: string | null): Result<void> {
    const { database, now, actor } = this.#store;
    return this.#store.write(() => appendNote(database, { at: now(), actor, action, note }));
  }

  /** Begins a new index generation beside the current one. */
  beginIndex(engineVersion: string): Result<IndexGeneration> {
    return beginIndexBuild(this, engineVersion);
  }

  /** Closes and lets the next writer in. Exhibits still arriving stay as they are and are adopted at the next opening. */
  override close(): void {
    for (const writer of this.#arriving) writer.detach();
    this.#arriving.clear();
    this.#store.close();
  }

  #next(table: Parameters<typeof nextNumber>[1]): number {
    return nextNumber(this.#store.database, table);
  }

  #distinctIdentifiers(): number {
    return new Set(this.identifiers().map((known) => known.id)).size;
  }

  #unknownHandset(handset: string): ReturnType<typeof fail> | null {
    if (handset === unassigned || this.handsets().some((known) => known.id === handset)) return null;
    return fail('handset-unknown', { handset });
  }
}

/** Opens a locked store as a writer, after taking in what a dead writer left. Closes the store on a problem. */
export function makeCaseWriter(store: CaseStore): Result<CaseWriter> {
  const adopted = adoptLeftovers(store);
  if (!adopted.ok) {
    store.close();
    return adopted;
  }
  return ok(new CaseWriter(store, adopted.value));
}
