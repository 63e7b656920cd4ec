/**
 * Columns of each table that enter its canonical row, per row format. A new column is a new row format: rows written
 * before keep their own list, so their hashes stay true.
 */
export const rowFormat = 6;

export const tableNames = [
  'migration',
  'case_info',
  'handset',
  'identifier',
  'event',
  'complaint',
  'claim',
  'protocol',
  'run',
  'acquisition',
  'acquisition_end',
  'exhibit',
  'decision',
  'finding_number',
  'joined_capture',
  'handset_change',
  'handset_change_end',
  'intake',
  'intake_signature',
] as const;
export type TableName = (typeof tableNames)[number];

/** A table that came later has no columns in the formats before it. */
type Columns = Readonly<Partial<Record<TableName, readonly string[]>>>;

const firstColumns = {
  migration: ['version', 'name', 'applied_at', 'program'],
  case_info: ['case_id', 'number', 'title', 'examiner', 'created_at', 'synthetic'],
  handset: ['id', 'label', 'serial', 'role', 'added_at'],
  identifier: ['id', 'handset', 'kind', 'value', 'original', 'source', 'added_at', 'warnings'],
  event: ['id', 'run', 'label', 'handset', 'kind', 'at', 'at_handset', 'text', 'source'],
  complaint: ['id', 'handset', 'text', 'received_at', 'received_from', 'package', 'label_before', 'label_after'],
  claim: ['id', 'text', 'stated_at', 'source', 'predicates', 'added_at'],
  protocol: ['id', 'name', 'version', 'steps', 'added_at'],
  run: ['id', 'protocol', 'handset', 'label', 'started_at', 'note'],
  acquisition: ['id', 'handset', 'label', 'run', 'profile', 'serial', 'started_at'],
  acquisition_end: ['acquisition', 'ended_at', 'outcome', 'detail'],
  exhibit: [
    'id',
    'original_name',
    'sha256',
    'bytes',
    'kind',
    'label',
    'handset',
    'run',
    'outcome',
    'packets',
    'fault',
    'acquisition',
    'collector',
    'added_at',
    'origin',
    'incoming',
  ],
  decision: ['finding_key', 'verdict', 'reason', 'decided_by', 'decided_at'],
  finding_number: ['finding_key', 'number'],
} satisfies Columns;

const secondColumns = { ...firstColumns, complaint: [...firstColumns.complaint, 'symptom'] } satisfies Columns;

const thirdColumns = { ...secondColumns, joined_capture: ['id', 'exhibits', 'added_at'] } satisfies Columns;

const intakeColumns = [
  'id',
  'handset',
  'exhibit_number',
  'seal',
  'received_from',
  'received_at',
  'state',
  'authority',
  'photographs',
  'confirmed',
  'note',
  'recorded_by',
  'recorded_at',
] as const;

const fourthColumns = {
  ...thirdColumns,
  handset_change: ['id', 'handset', 'serial', 'act', 'command', 'reason', 'undo', 'begun_at'],
  handset_change_end: ['change_id', 'ended_at', 'outcome', 'why'],
} satisfies Columns;

const fifthColumns = {
  ...fourthColumns,
  intake: intakeColumns,
  intake_signature: ['intake', 'signed_by', 'signed_at'],
} satisfies Columns;

export const rowFormats: Readonly<Record<number, Columns>> = {
  1: firstColumns,
  2: secondColumns,
  3: thirdColumns,
  4: fourthColumns,
  5: fifthColumns,
  6: { ...fifthColumns, handset_change: [...fifthColumns.handset_change, 'identity'] },
};

/** The format of case.sqlite that brought a table, of those that are not in the first. */
export const tableSince: Readonly<Partial<Record<TableName, number>>> = {
  joined_capture: 3,
  handset_change: 4,
  handset_change_end: 4,
  intake: 5,
  intake_signature: 5,
};

/** Columns of a table in a row format; a format or table that is not known (a damaged row) has none. */
export function columnsOf(format: number, table: string): readonly string[] | null {
  const tables: Readonly<Partial<Record<string, readonly string[]>>> | undefined = rowFormats[format];
  return tables?.[table] ?? null;
}
