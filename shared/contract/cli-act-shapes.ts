import * as z from 'zod';
import { differences, outcomes } from '../model/acquisition.ts';
import { intakeAirplanes, intakeChecks, intakeLocks, intakePowers, intakeSims } from '../model/intake.ts';

/** Lines of the commands that do something: what came of it. The lines of queries are in cli-shapes.ts. */

/** RFC 3339 UTC; microseconds where the source has them. */
export const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?Z$/)
  .describe('RFC 3339 UTC');
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
export const count = z.number().int().min(0);

/** `case new`, `case show`. */
export const caseSummary = z.object({
  directory: z.string(),
  formatVersion: count,
  number: z.string(),
  title: z.string(),
  examiner: z.string(),
  createdAt: instant,
  synthetic: z.boolean(),
  counts: z.object({
    handsets: count,
    identifiers: count,
    exhibits: count,
    events: count,
    complaints: count,
    decisions: count,
    custody: count,
  }),
  labels: z.array(z.string()),
  head: sha256,
  writer: z
    .object({ pid: z.number().int(), host: z.string(), doing: z.string(), since: z.string() })
    .nullable()
    .describe('who writes to the case now'),
  indexGeneration: count.nullable(),
});

const commandResult = z.object({
  command: z.string(),
  outcome: z.enum(outcomes),
  reason: z.string().nullable(),
  said: z.string().nullable().describe("the handset's own words behind the reason"),
  exhibits: z.array(z.string()),
  bytes: count,
  durationMs: z.number().min(0),
  replaced: z.boolean().describe('answered by a fallback: its absence is no gap'),
  takenOver: z
    .string()
    .optional()
    .describe(
      "of an app's code: the acquisition that this one goes on with, whose exhibit it is; it was not pulled again",
    ),
});

export const acquired = z.object({
  acquisition: z.object({
    id: z.string(),
    handset: z.string(),
    label: z.string(),
    run: z.string().nullable(),
    profile: z.enum(['quick', 'standard', 'full', 'own', 'imported']),
    collectors: z.array(z.string()).optional().describe('what was asked, where it is not what a named profile asks'),
    continues: z
      .string()
      .optional()
      .describe('the acquisition that was cut off and is gone on with: what it has an answer to is not asked again'),
    insteadOf: z
      .object({ id: z.string(), because: z.array(z.enum(differences)) })
      .optional()
      .describe('one that was cut off and is not gone on with, since the handset was not as it was left'),
    serial: z.string(),
    startedAt: instant,
    endedAt: instant.nullable(),
    outcome: z.enum(['complete', 'complete-with-gaps', 'interrupted', 'running']),
    detail: z.string().nullable(),
  }),
  results: z.array(
    z.object({
      collector: z.string(),
      titleKey: z.string(),
      outcome: z.enum(outcomes),
      reason: z.string().nullable(),
      commands: z.array(commandResult),
    }),
  ),
  gaps: z.array(z.string()),
});

export const analysed = z.object({
  rebuilt: z.boolean(),
  generation: count,
  exhibits: count,
  records: count,
  flows: count,
  messages: count,
  findings: count,
  newFindings: count,
  patterns: z
    .object({
      values: count,
      literals: count,
      digests: count,
      fieldForms: count,
      literalsDropped: count,
      dropped: z.array(z.object({ writing: z.string(), count })),
      joined: count,
      joinedDropped: count,
    })
    .nullable(),
  gaps: z.array(z.string()),
});

export const demonstration = z.object({
  case: z.string(),
  reports: z.array(z.string()),
  findings: count,
  head: sha256,
  gaps: z.array(z.string()),
});

export const complaint = z.object({
  id: z.string(),
  handset: z.string().nullable(),
  text: z.string(),
  receivedAt: instant,
  from: z.string(),
  package: z.string().nullable(),
  labelBefore: z.string().nullable(),
  labelAfter: z.string().nullable(),
  symptom: z.string().nullable().optional(),
});

export const intake = z.object({
  id: z.string(),
  handset: z.string(),
  exhibitNumber: z.string(),
  seal: z.string().nullable(),
  receivedFrom: z.string(),
  receivedAt: instant,
  state: z.object({
    lock: z.enum(intakeLocks),
    power: z.enum(intakePowers),
    airplane: z.enum(intakeAirplanes),
    sim: z.enum(intakeSims),
    battery: count.nullable().describe('percent'),
  }),
  authority: z.string(),
  photographs: z.array(z.string()).describe('ids of exhibits'),
  confirmed: z.array(z.enum(intakeChecks)),
  note: z.string().nullable(),
  recordedBy: z.string(),
  recordedAt: instant,
  signed: z.object({ by: z.string(), at: instant }).nullable(),
});

const problem = z.object({
  code: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  detail: z.string().optional(),
});

export const reportFile = z.object({
  path: z.string(),
  bytes: count,
  sha256,
  gaps: z.array(problem).describe('what is not as it was asked for, and why'),
});

export const unfinishedImport = z.object({
  id: z.string(),
  path: z.string(),
  name: z.string(),
  bytes: count,
  copiedBytes: count.describe('durable, and compared with the file before the import goes on; no evidence'),
  label: z.string(),
  handset: z.string(),
  run: z.string().nullable(),
});

export const plannedCommand = z.object({
  serial: z.string().nullable(),
  release: z.string().nullable(),
  profile: z.enum(['quick', 'standard', 'full', 'own']),
  collector: z.string(),
  title: z.string(),
  command: z.string(),
  effect: z.enum(['reads', 'changes']).nullable().describe('null: the handset did not answer, so it is not known'),
});

const undoStep = z.discriminatedUnion('type', [
  z.object({ type: z.literal('remove-file'), path: z.string() }),
  z.object({ type: z.literal('remove-reverse'), remote: z.string(), local: z.string() }),
  z.object({
    type: z.literal('restore-setting'),
    namespace: z.enum(['system', 'secure', 'global']),
    name: z.string(),
    value: z.string().nullable().describe('what it was; null: there was none'),
  }),
]);

export const handsetChange = z.object({
  id: z.string(),
  handset: z.string(),
  serial: z.string(),
  act: z.string().describe('the acquisition (A1), or a capture'),
  command: z.string(),
  reason: z.string(),
  undo: z.array(undoStep).nullable().describe('null: in no form that this version carries out'),
  identity: z
    .object({
      hardwareSerial: z.string().nullable().describe('ro.serialno, else ro.boot.serialno'),
      androidId: z.string().nullable(),
      fingerprint: z.string().nullable().describe('ro.build.fingerprint'),
    })
    .nullable()
    .describe('by what the handset is known again under another adb serial; null: it told nothing'),
  begunAt: instant.describe('written down before the change was made'),
  ends: z
    .array(z.object({ endedAt: instant, outcome: z.enum(['undone', 'left']), why: z.string().nullable() }))
    .describe('the last one counts; none, or left: it may still be on the handset'),
});

/** What `schema` itself prints. */
export const jsonSchema = z.looseObject({ $schema: z.string() });
