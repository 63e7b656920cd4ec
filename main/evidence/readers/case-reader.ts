import fs from 'node:fs';
import { caseLayout } from '../case-layout.ts';
import { headOf, readCustody } from '../custody.ts';
import { findingNumber, freshNumbers } from '../finding-numbers.ts';
import { fileSystemWarnings } from '../file-system.ts';
import type { CaseWarning } from '../file-system.ts';
import { incomingFiles, lastCheckpoint, listIncoming, readMeta, readSource } from '../incoming.ts';
import type { Checkpoint, ExhibitMeta, ImportSource } from '../incoming.ts';
import { readIntakes } from '../intake-rows.ts';
import { readAcquisitions } from './acquisition-rows.ts';
import { openExhibitFile, readExhibitFile } from './exhibit-reader.ts';
import type { OpenExhibit } from './exhibit-reader.ts';
import { indexGeneration, indexState, openCurrentIndex } from './index-state.ts';
import type { IndexState } from './index-state.ts';
import type { IndexReader } from './index-reader.ts';
import * as models from './row-models.ts';
import type { RawRow } from './row-models.ts';
import { tableSince } from '../tables.ts';
import { currentWriter } from '../writer-lock.ts';
import type { ClaimRow, DecisionRow, NumberedFinding, ProtocolRow, RunRow } from '../case-types.ts';
import type { SqliteDatabase } from '../sqlite.ts';
import { fail } from '../../../shared/model/problem.ts';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import type { Complaint } from '../../../shared/model/claim.ts';
import type { CaseSummary, CustodyEntry } from '../../../shared/model/custody.ts';
import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Exhibit, JoinedCapture } from '../../../shared/model/exhibit.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { ChangeEnd, JournalledChange } from '../../../shared/model/handset-change.ts';
import type { CaseHandset } from '../../../shared/model/handset.ts';
import type { Identifier } from '../../../shared/model/identifier.ts';
import type { Intake } from '../../../shared/model/intake.ts';
import type { Result } from '../../../shared/model/problem.ts';

export interface ExhibitFilter {
  readonly label?: string | undefined;
  readonly run?: string | undefined;
  readonly handset?: string | undefined;
  readonly acquisition?: string | undefined;
}

/** An exhibit that is still arriving: bytes up to the checkpoint may be read, results are provisional. */
export interface IncomingExhibit {
  readonly id: string;
  readonly meta: ExhibitMeta | null;
  readonly checkpoint: Checkpoint;
  readonly path: string;
}

/** Part of a file that was being copied in. */
export interface UnfinishedImport {
  readonly id: string;
  readonly meta: ExhibitMeta;
  readonly checkpoint: Checkpoint;
  readonly source: ImportSource;
}

/** So many findings at most are looked up one by one for their numbers. */
const someFindings = 1000;

/** Everything that can be asked of an open case. Lists are in the order in which things were added. */
export class CaseReader {
  readonly directory: string;
  readonly warnings: readonly CaseWarning[];
  /** True for a copy in memory (folder left by a killed writer): it does not see later writing; reopen for that. */
  readonly isCopy: boolean;
  readonly #database: SqliteDatabase;
  readonly #lent = new Map<string, number>();

  constructor(directory: string, database: SqliteDatabase) {
    this.directory = directory;
    this.warnings = fileSystemWarnings(directory);
    this.isCopy = database.memory;
    this.#database = database;
  }

  summary(): CaseSummary {
    const info = this.#get('SELECT * FROM case_info ORDER BY row DESC LIMIT 1') ?? {};
    const count = (table: string): number => Number(this.#get(`SELECT count(*) AS n FROM ${table}`)?.['n']);
    return {
      directory: this.directory,
      formatVersion: Number(this.#database.pragma('user_version', { simple: true })),
      number: String(info['number']),
      title: String(info['title']),
      examiner: String(info['examiner']),
      createdAt: String(info['created_at']),
      synthetic: info['synthetic'] === 1,
      counts: {
        handsets: this.handsets().length,
        identifiers: Number(this.#get('SELECT count(DISTINCT id) AS n FROM identifier')?.['n']),
        exhibits: count('exhibit'),
        events: count('event'),
        complaints: this.complaints().length,
        decisions: count('decision'),
        custody: count('custody'),
      },
      labels: this.labels(),
      head: this.head(),
      writer: currentWriter(this.directory),
      indexGeneration: indexGeneration(this.directory),
    };
  }

  /** Labels in use, in order of first use by an exhibit. */
  labels(): readonly string[] {
    return this.#all('SELECT label FROM exhibit GROUP BY label ORDER BY min(row)').map((row) => String(row['label']));
  }

  /** The latest row of each handset: a correction is a new row. */
  handsets(): readonly CaseHandset[] {
    return this.#latest('handset', 'id').map(models.toHandset);
  }

  identifiers(filter: { readonly handset?: string | undefined } = {}): readonly Identifier[] {
    return this.#where('identifier', { handset: filter.handset }).map(models.toIdentifier);
  }

  events(
    filter: { readonly label?: string | undefined; readonly run?: string | undefined } = {},
  ): readonly CaseEvent[] {
    return this.#where('event', { label: filter.label, run: filter.run }).map(models.toEvent);
  }

  /** Every intake ever recorded, in order; the latest of a handset counts. */
  intakes(): readonly Intake[] {
    return readIntakes(this.#database);
  }

  complaints(): readonly Complaint[] {
    return this.#latest('complaint', 'id').map(models.toComplaint);
  }

  claims(): readonly ClaimRow[] {
    return this.#latest('claim', 'id').map(models.toClaim);
  }

  protocols(): readonly ProtocolRow[] {
    return this.#all('SELECT * FROM protocol ORDER BY row').map(models.toProtocol);
  }

  runs(): readonly RunRow[] {
    return this.#all('SELECT * FROM run ORDER BY row').map(models.toRun);
  }

  /** An acquisition without an end row is `running` while somebody writes, else `interrupted`. */
  acquisitions(): readonly Acquisition[] {
    return readAcquisitions(this.#database, this.directory);
  }

  exhibits(filter: ExhibitFilter = {}): readonly Exhibit[] {
    const { label, run, handset, acquisition } = filter;
    return this.#where('exhibit', { label, run, handset, acquisition }).map(models.toExhibit);
  }

  exhibit(id: string): Result<Exhibit> {
    const row = this.#get('SELECT * FROM exhibit WHERE id = ?', id);
    if (row === undefined) return fail('exhibit-unknown', { exhibit: id });
    return { ok: true, value: models.toExhibit(row) };
  }

  /** Exhibits that are the files of one recording. */
  joinedCaptures(): readonly JoinedCapture[] {
    return this.#has('joined_capture')
      ? this.#all('SELECT * FROM joined_capture ORDER BY row').map(models.toJoinedCapture)
      : [];
  }

  /** Every change of a handset that was written down before it was made, with what became of it. */
  handsetChanges(): readonly JournalledChange[] {
    if (!this.#has('handset_change')) return [];
    const ends = new Map<unknown, ChangeEnd[]>();
    for (const row of this.#all('SELECT * FROM handset_change_end ORDER BY row')) {
      const list = ends.get(row['change_id']) ?? [];
      list.push(models.toChangeEnd(row));
      ends.set(row['change_id'], list);
    }
    return this.#all('SELECT * FROM handset_change ORDER BY row').map((row) =>
      models.toHandsetChange(row, ends.get(row['id']) ?? []),
    );
  }

  /** Where the exhibit's bytes lie. For programs such as tshark; our own rooms use `openExhibit`. */
  exhibitPath(exhibit: Exhibit): string {
    return caseLayout.exhibit(this.directory, exhibit.sha256);
  }

  /** An open descriptor of an exhibit's bytes; `case-damaged` when they are missing or of another size. */
  openExhibit(id: string): Result<OpenExhibit> {
    const exhibit = this.exhibit(id);
    return exhibit.ok ? openExhibitFile(this.exhibitPath(exhibit.value), exhibit.value) : exhibit;
  }

  /** All bytes of an exhibit, at most `maxBytes` (`LIMIT` when it is larger). */
  readExhibit(id: string, maxBytes = 64 * 1024 * 1024): Result<Buffer> {
    const exhibit = this.exhibit(id);
    return exhibit.ok ? readExhibitFile(this.exhibitPath(exhibit.value), exhibit.value, maxBytes) : exhibit;
  }

  incoming(): readonly IncomingExhibit[] {
    return listIncoming(this.directory).ids.flatMap((id) => {
      const { data } = incomingFiles(this.directory, id);
      if (!fs.existsSync(data)) return [];
      const checkpoint = lastCheckpoint(this.directory, id);
      return [{ id, meta: readMeta(this.directory, id), checkpoint, path: data }];
    });
  }

  /** Copies of files that were cut off: no exhibits. Importing the file again goes on with them. */
  unfinishedImports(): readonly UnfinishedImport[] {
    return this.incoming().flatMap(({ id, meta, checkpoint }) => {
      const source = readSource(this.directory, id);
      const isFinal = fs.existsSync(incomingFiles(this.directory, id).final);
      return source === null || meta === null || isFinal ? [] : [{ id, meta, checkpoint, source }];
    });
  }

  custody(): readonly CustodyEntry[] {
    return readCustody(this.#database);
  }

  /** Hash of the last custody entry. */
  head(): string {
    return headOf(this.#database);
  }

  /** All decisions ever made, in order; the last one on a finding counts. */
  decisions(): readonly DecisionRow[] {
    return this.#all('SELECT * FROM decision ORDER BY row').map(models.toDecision);
  }

  /** Display number by finding key, e.g. 7 for F0007. */
  findingNumbers(): ReadonlyMap<string, number> {
    const rows = this.#all('SELECT finding_key, number FROM finding_number ORDER BY number');
    return new Map([
      ...this.#lent,
      ...rows.map((row): [string, number] => [String(row['finding_key']), Number(row['number'])]),
    ]);
  }

  /** Numbers are only ever added: another highest one means that there are more. */
  highestFindingNumber(): number {
    const highest = this.#database.prepare('SELECT max(number) FROM finding_number').pluck().get();
    return Math.max(Number(highest ?? 0), ...[...this.#lent.values()].slice(-1));
  }

  /** The key of the finding with this number, or null. */
  keyOfNumber(number: number): string | null {
    const key = this.#database.prepare('SELECT finding_key FROM finding_number WHERE number = ?').pluck().get(number);
    if (typeof key === 'string') return key;
    return [...this.#lent].find(([, lent]) => lent === number)?.[0] ?? null;
  }

  /** As `findingNumbers`, of a page of findings: a case may have numbered millions. */
  #numbersOf(drafts: readonly FindingDraft[]): ReadonlyMap<string, number> {
    const keys = JSON.stringify(drafts.map(({ key }) => key));
    const rows = this.#database
      .prepare('SELECT finding_key, number FROM finding_number WHERE finding_key IN (SELECT value FROM json_each(?))')
      .all(keys) as RawRow[];
    return new Map([
      ...this.#lent,
      ...rows.map((row): [string, number] => [String(row['finding_key']), Number(row['number'])]),
    ]);
  }

  /**
   * Gives keys that have no number the one that `allotNumbers` would allot now, for this reader only: in a case that
   * cannot be written nothing can be allotted. Returns how many were lent.
   */
  lendNumbers(keys: readonly string[]): number {
    const fresh = freshNumbers(this.findingNumbers(), keys);
    for (const [key, number] of fresh) this.#lent.set(key, number);
    return fresh.length;
  }

  /**
   * Joins numbers and decisions to findings of an index and puts them in the order of their numbers.
   * Findings whose key has no number yet (index newer than the last `allotNumbers`) are left out of nothing: they throw.
   */
  nameFindings(drafts: readonly FindingDraft[]): readonly NumberedFinding[] {
    const numbers = drafts.length > someFindings ? this.findingNumbers() : this.#numbersOf(drafts);
    const decisions = new Map(this.decisions().map((decision) => [decision.findingKey, decision]));
    const named = drafts.map((draft) => {
      const number = numbers.get(draft.key);
      if (number === undefined) throw new Error(`finding ${draft.key} has no number: allotNumbers comes first`);
      const decided = decisions.get(draft.key);
      const decision =
        decided === undefined
          ? null
          : { verdict: decided.verdict, reason: decided.reason, by: decided.by, at: decided.at };
      return { order: number, finding: { ...draft, number: findingNumber(number), decision } };
    });
    return named.toSorted((a, b) => a.order - b.order).map((entry) => entry.finding);
  }

  /** Opens the current index; `index-missing` when there is none that this program can read. */
  openIndex(): Result<IndexReader> {
    return openCurrentIndex(this.directory);
  }

  /** Whether the index is there, of this schema, and built from what the case holds now. */
  indexState(engineVersion?: string): IndexState {
    return indexState(this, engineVersion);
  }

  close(): void {
    this.#database.close();
  }

  /** A case of an earlier format, opened for reading only, does not have every table. */
  #has(table: keyof typeof tableSince): boolean {
    return Number(this.#database.pragma('user_version', { simple: true })) >= (tableSince[table] ?? 0);
  }

  #get(sql: string, ...values: readonly string[]): RawRow | undefined {
    return this.#database.prepare(sql).get(...values) as RawRow | undefined;
  }

  #all(sql: string, ...values: readonly string[]): readonly RawRow[] {
    return this.#database.prepare(sql).all(...values) as RawRow[];
  }

  #where(table: string, filter: Readonly<Record<string, string | undefined>>): readonly RawRow[] {
    const given = Object.entries(filter).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const where = given.length === 0 ? '' : ` WHERE ${given.map(([column]) => `${column} = ?`).join(' AND ')}`;
    return this.#all(`SELECT * FROM ${table}${where} ORDER BY row`, ...given.map(([, value]) => value));
  }

  #latest(table: string, column: string): readonly RawRow[] {
    return this.#all(
      `SELECT * FROM ${table} t WHERE row = (SELECT max(row) FROM ${table} WHERE ${column} = t.${column})
       ORDER BY (SELECT min(row) FROM ${table} WHERE ${column} = t.${column})`,
    );
  }
}
