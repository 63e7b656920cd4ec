import { IndexColumns } from './columns/index-columns.ts';
import { digestIndex } from './index-digest.ts';
import type { Cell, IndexDigests } from './index-digest.ts';
import { hook } from './hooks.ts';
import {
  indexApplicationId,
  indexIndexesSql,
  indexSchemaVersion,
  indexTables,
  indexTablesSql,
} from './index-tables.ts';
import type { IndexTable } from './index-tables.ts';
import { RowsAtOnce } from './rows-at-once.ts';
import type { SqliteDatabase, SqliteStatement } from './sqlite.ts';
import { wellFormed } from './well-formed.ts';
import type { Visibility } from '../../shared/model/comparison.ts';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { FindingDraft } from '../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import type { Flow, Message } from '../../shared/model/traffic.ts';

/** Why something of an exhibit could not be read whole (a capture's fault, lines that no parser understood …). */
export interface IndexFault {
  readonly exhibit: string | null;
  readonly code: string;
  readonly offsetBytes: number | null;
  readonly frame: number | null;
  readonly count: number;
  readonly detail: string;
}

export type IndexedExhibit = Pick<Exhibit, 'id' | 'label' | 'handset' | 'run' | 'kind'>;

/** Rows in one transaction: what was measured to be fast without holding much. */
const transactionRows = 50_000;

/**
 * Fills an index. Ids of records, messages and faults count from 1 in the order of insertion, so the caller's order has
 * to be the same every time (exhibits in order, within them capture order), whatever the number of workers.
 */
export class IndexBuilder {
  readonly #database: SqliteDatabase;
  readonly #exhibits: ReadonlyMap<string, IndexedExhibit>;
  readonly #inserts = new Map<IndexTable, SqliteStatement>();
  readonly #lastIds = { record: 0, message: 0, finding: 0, fault: 0 };
  readonly #columns = new IndexColumns((name, part, body) => this.#insert('column_part', [name, part, body]));
  #messageById: SqliteStatement | null = null;
  readonly #messages: RowsAtOnce;
  readonly #flows: RowsAtOnce;
  #pending = 0;

  constructor(database: SqliteDatabase, exhibits: readonly IndexedExhibit[]) {
    this.#database = database;
    this.#exhibits = new Map(exhibits.map((exhibit) => [exhibit.id, exhibit]));
    // Fast settings are allowed here and only here: what a crash leaves is thrown away. Rows come in the order of their ids: few
    // pages are needed again, and 8 MiB of them are as fast as 64.
    for (const setting of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -8192', 'temp_store = MEMORY']) {
      database.pragma(setting);
    }
    database.pragma(`application_id = ${indexApplicationId}`);
    database.pragma(`user_version = ${indexSchemaVersion}`);
    database.exec(indexTablesSql);
    for (const { name, columns } of indexTables) {
      const marks = columns.map(() => '?').join(', ');
      this.#inserts.set(name, database.prepare(`INSERT INTO ${name} (${columns.join(', ')}) VALUES (${marks})`));
    }
    this.#messages = new RowsAtOnce(database, 'message');
    this.#flows = new RowsAtOnce(database, 'flow');
    database.exec('BEGIN');
    for (const { id, label, handset, run, kind } of exhibits) this.#insert('exhibit', [id, label, handset, run, kind]);
  }

  /** Any fact about the whole index; `value` is kept as JSON. Must be recomputable: no clock, no host. */
  insertMeta(key: string, value: unknown): void {
    this.#insert('meta', [key, JSON.stringify(value)]);
  }

  insertRecords(records: Iterable<SnapshotRecord>): void {
    for (const record of records) {
      this.#lastIds.record += 1;
      const { exhibit, label, handset, run, kind } = record;
      this.#insert('record', [this.#lastIds.record, exhibit, label, handset, run, kind, JSON.stringify(record)]);
    }
  }

  /** `id` is the caller's: unique over the whole index, and what messages and findings name. */
  insertFlows(flows: Iterable<Flow>): void {
    for (const flow of flows) {
      const hosts = [...flow.serverNames, flow.server.address].join('\n');
      this.#columns.addFlow(flow, hosts);
      const row: readonly Cell[] = [
        flow.id,
        flow.exhibit,
        flow.label,
        this.#exhibit(flow.exhibit).run,
        flow.transport,
        flow.serverNames[0] ?? flow.server.address,
        hosts,
        flow.application,
        flow.channel,
        flow.packets.toServer + flow.packets.toClient,
        flow.payloadBytes.toServer,
        flow.payloadBytes.toClient,
        JSON.stringify(flow),
      ];
      this.#wrote(this.#flows.add(flow.id, row.map(asKept)));
    }
  }

  /** @returns the id of the first one; the others follow it */
  insertMessages(messages: Iterable<Message>): number {
    const first = this.#lastIds.message + 1;
    for (const message of messages) {
      this.#lastIds.message += 1;
      this.#columns.addMessage(this.#lastIds.message, message);
      const { label, run } = this.#exhibit(message.exhibit);
      const { flow, exhibit, kind } = message;
      const body = JSON.stringify(message);
      const row: readonly Cell[] = [this.#lastIds.message, flow, exhibit, label, run, kind, hostOf(message), body];
      this.#wrote(this.#messages.add(this.#lastIds.message, row.map(asKept)));
    }
    return first;
  }

  /** A message that was inserted; null when there is none with this id. */
  message(id: number): Message | null {
    this.#wrote(this.#messages.flush());
    this.#messageById ??= this.#database.prepare('SELECT body FROM message WHERE id = ?');
    const row = this.#messageById.get(id) as { readonly body: string } | undefined;
    return row === undefined ? null : (JSON.parse(row.body) as Message);
  }

  insertFindings(findings: Iterable<FindingDraft>): void {
    for (const finding of findings) {
      this.#lastIds.finding += 1;
      this.#columns.addFinding(this.#lastIds.finding, finding);
      const { key, rule, severity, confidence, label, run, handset, identifier, representation, channel } = finding;
      this.#insert('finding', [
        key,
        rule,
        severity,
        confidence,
        label,
        run,
        handset,
        finding.frames[0]?.exhibit ?? null,
        identifier?.id ?? null,
        identifier?.kind ?? null,
        representation,
        channel,
        finding.destination?.names[0] ?? finding.destination?.address ?? null,
        finding.flow,
        JSON.stringify(finding),
      ]);
    }
  }

  insertFaults(faults: Iterable<IndexFault>): void {
    for (const { exhibit, code, offsetBytes, frame, count, detail } of faults) {
      this.#lastIds.fault += 1;
      this.#insert('fault', [this.#lastIds.fault, exhibit, code, offsetBytes, frame, count, detail]);
    }
  }

  insertVisibility(rows: Iterable<Visibility>): void {
    for (const row of rows) this.#insert('visibility', [row.label, row.run ?? null, JSON.stringify(row)]);
  }

  /** Ends the load: indexes, then the digest of every table. Nothing may be inserted after it. */
  complete(): IndexDigests {
    this.#columns.finish();
    this.#messages.flush();
    this.#flows.flush();
    hook('index.commit');
    this.#database.exec('COMMIT');
    hook('index.indexes');
    this.#database.exec(indexIndexesSql);
    const [message, flow] = [this.#messages.digest(), this.#flows.digest()];
    return digestIndex(this.#database, {
      ...(message === null ? {} : { message }),
      ...(flow === null ? {} : { flow }),
    });
  }

  /** Closes the database; an unfinished load is gone. */
  close(): void {
    this.#database.close();
  }

  #insert(table: IndexTable, values: readonly unknown[]): void {
    const statement = this.#inserts.get(table);
    if (statement === undefined) throw new Error(`no table ${table}`);
    statement.run(...values.map(asKept));
    this.#wrote(1);
  }

  #wrote(rows: number): void {
    this.#pending += rows;
    if (this.#pending < transactionRows) return;
    this.#pending = 0;
    hook('index.commit');
    this.#database.exec('COMMIT');
    this.#database.exec('BEGIN');
  }

  #exhibit(id: string): IndexedExhibit {
    const exhibit = this.#exhibits.get(id);
    if (exhibit === undefined) throw new Error(`the case has no exhibit ${id}`);
    return exhibit;
  }
}

const asKept = <Value>(value: Value): Value | string => (typeof value === 'string' ? wellFormed(value) : value);

function hostOf(message: Message): string | null {
  if (message.kind === 'http-request') return message.host;
  if (message.kind === 'dns-query' || message.kind === 'dns-answer') return message.name;
  if (message.kind === 'tls-client-hello' || message.kind === 'quic-client-hello') return message.serverName;
  if (message.kind === 'tls-certificate') return message.names[0] ?? null;
  return null;
}
