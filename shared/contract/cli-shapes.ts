import * as z from 'zod';
import { identifierMethods, sourceConfidences } from '../model/identifier-source.ts';
import { identifierKinds } from '../model/identifier.ts';
import { outcomes } from '../model/acquisition.ts';
import { exhibitKinds } from '../model/exhibit.ts';
import { confidenceReasons, consentReasons, dataCategories } from '../model/finding.ts';
import { handsetStates } from '../model/handset.ts';
import * as acts from './cli-act-shapes.ts';
import { instant, sha256 } from './cli-act-shapes.ts';

// No code generation at run time: the window's content security policy forbids it.
z.config({ jitless: true });

const endpoint = z.object({ address: z.string(), port: z.number().int().min(0).max(65535) });
const boundMs = z
  .number()
  .min(0)
  .optional()
  .describe('how far the instant by the workstation may be off, milliseconds');
const byWorkstation = instant
  .nullable()
  .optional()
  .describe(
    'by the workstation, from the nearest measurement of the clock; null: nobody measured it, as of an imported capture',
  );
const pair = z.object({ toServer: z.number().int().min(0), toClient: z.number().int().min(0) });
const figures = z.object({ toServer: z.number().nullable(), toClient: z.number().nullable() });
const channel = z.enum(['cleartext', 'tls', 'dtls', 'quic', 'unknown']);
const representation = z.enum(['plain', 'encoded', 'pseudonymised', 'encrypted']);
const verdict = z.enum(['confirmed', 'refuted', 'partly', 'not-testable', 'not-enough-evidence']);

const exhibit = z.object({
  id: z.string(),
  originalName: z.string(),
  sha256,
  bytes: z.number().int().min(0),
  kind: z.enum(exhibitKinds),
  label: z.string(),
  handset: z.string(),
  run: z.string().nullable(),
  outcome: z.enum(outcomes),
  packets: z.number().int().nullable(),
  fault: z.string().nullable(),
  acquisition: z.string().nullable(),
  collector: z.string().nullable(),
  addedAt: instant,
  origin: z.record(z.string(), z.unknown()),
  partOf: z.object({ capture: z.string(), part: z.number().int().min(1), parts: z.number().int().min(2) }).optional(),
});

const flow = z.object({
  id: z.number().int(),
  exhibit: z.string(),
  label: z.string(),
  transport: z.enum(['tcp', 'udp', 'sctp', 'icmp', 'other']),
  client: endpoint,
  server: endpoint,
  serverNames: z.array(z.string()),
  application: z.string(),
  channel,
  firstPacketAt: instant,
  lastPacketAt: instant,
  packets: pair,
  payloadBytes: pair,
  app: z.string().nullable(),
  streamIndex: z.number().int(),
  capture: z.object({ id: z.string(), part: z.number().int().min(1) }).optional(),
  incomplete: z.array(z.string()),
  strayFrames: z.literal(true).optional(),
  entropyBitsPerByte: figures.optional(),
  printableShare: figures.optional(),
  sampledBytes: pair.optional(),
  firstPacketAtWorkstation: byWorkstation,
  lastPacketAtWorkstation: byWorkstation,
  atWorkstationBoundMs: boundMs,
});

const message = z.looseObject({
  flow: z.number().int(),
  exhibit: z.string(),
  kind: z.string(),
  at: instant,
  frame: z.number().int().min(1),
  atWorkstation: byWorkstation,
  atWorkstationBoundMs: boundMs,
});

const destination = z.object({
  address: z.string().nullable(),
  names: z.array(z.string()),
  country: z.string().nullable(),
  asn: z.number().nullable(),
  holder: z.string().nullable(),
  sources: z.array(
    z.object({ what: z.string(), value: z.string(), dataAt: z.string().nullable(), note: z.string().nullable() }),
  ),
});

const finding = z.object({
  key: z.string(),
  number: z.string().regex(/^F\d{4,}$/),
  rule: z.string(),
  ruleVersion: z.number().int(),
  severity: z.enum(['info', 'low', 'medium', 'high']),
  confidence: z.enum(['certain', 'probable', 'possible']),
  confidenceReason: z.enum(confidenceReasons).optional(),
  statement: z.string(),
  label: z.string(),
  handset: z.string(),
  run: z.string().nullable(),
  identifier: z.object({ id: z.string(), kind: z.enum(identifierKinds) }).nullable(),
  transform: z.array(z.string()),
  form: z.string().nullable().optional(),
  decodings: z.array(z.string()).optional(),
  representation: representation.nullable(),
  channel: channel.nullable(),
  contentKnownBy: z.enum(['wire', 'keylog', 'interception', 'handset']).nullable(),
  direction: z.enum(['to-server', 'to-client', 'lan']).nullable(),
  flow: z.number().int().nullable(),
  frames: z.array(z.object({ exhibit: z.string(), frame: z.number().int().min(1) })),
  exhibitSha256: sha256,
  streamOffset: z.number().int().nullable(),
  filter: z.string().nullable(),
  field: z.string().nullable(),
  at: instant.nullable(),
  atWorkstation: byWorkstation,
  atWorkstationBoundMs: boundMs,
  destination: destination.nullable(),
  consent: z.enum(['before-any-act', 'after-act', 'unknown']),
  consentReason: z.enum(consentReasons).optional(),
  bodyOffset: z.number().int().min(0).nullable(),
  category: z
    .object({
      name: z.enum(dataCategories),
      values: z.number().int().min(1),
      conversations: z.number().int().min(1),
      recipients: z.number().int().min(1),
    })
    .optional(),
  decision: z
    .object({ verdict: z.enum(['confirm', 'dismiss']), reason: z.string(), by: z.string(), at: instant })
    .nullable(),
});

const record = z.looseObject({
  kind: z.string(),
  label: z.string(),
  handset: z.string(),
  run: z.string().nullable(),
  exhibit: z.string(),
  meaning: z.string().optional().describe('what it means on a handset of its maker, where a source says so'),
  meaningSource: z.string().optional().describe('address or document that says so'),
  meaningSeenOn: z.string().optional().describe('release it was seen on, or since which it is documented'),
});

const identifier = z.object({
  id: z.string(),
  handset: z.string(),
  kind: z.enum(identifierKinds),
  value: z.string(),
  original: z.string(),
  source: z.string(),
  addedAt: instant,
  warnings: z.array(z.string()),
  masked: z.literal(true).optional(),
  method: z.enum(identifierMethods).optional().describe('by which way the source was had'),
  sourceConfidence: z.enum(sourceConfidences).optional().describe('how far a value had in this way can be relied on'),
});

const event = z.object({
  id: z.string(),
  run: z.string().nullable(),
  label: z.string().nullable(),
  handset: z.string().nullable(),
  kind: z.enum(['consent-act', 'stimulus', 'note', 'gap', 'canary', 'usage']),
  at: instant,
  atHandset: z.string().nullable(),
  atWorkstation: instant
    .optional()
    .describe(
      'by the workstation, where `at` is the handset’s as the packets are: as stated, or by the offset measured',
    ),
  atWorkstationBoundMs: boundMs,
  clock: z.literal('assumed').optional(),
  boundMs: z.number().min(0).optional(),
  text: z.string(),
  source: z.string(),
});

const change = z.object({
  kind: z.enum([
    'setting',
    'property',
    'package',
    'permission',
    'component',
    'app-op',
    'build',
    'traffic',
    'crash',
    'fact',
  ]),
  change: z.enum(['added', 'removed', 'changed']),
  subject: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
  meaning: z.string(),
  noise: z.boolean(),
  facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])).optional(),
});

const claim = z.looseObject({
  claim: z.string(),
  verdict,
  why: z.string(),
  for: z.array(z.string()),
  against: z.array(z.string()),
  missing: z.array(z.string()),
});

const verifyLine = z.union([
  z.object({
    check: z.enum(['exhibit', 'custody', 'row', 'index', 'signature']),
    subject: z.string(),
    ok: z.boolean(),
    detail: z.string().nullable(),
  }),
  z.object({
    summary: z.literal(true),
    ok: z.boolean(),
    checks: z.number().int(),
    failed: z.number().int(),
    head: z.string().nullable(),
    firstFailure: z.string().nullable(),
  }),
]);

const device = z.object({
  serial: z.string(),
  state: z.enum(handsetStates),
  rawState: z.string(),
  transport: z.enum(['usb', 'tcp', 'emulator']),
  model: z.string().nullable(),
  product: z.string().nullable(),
  transportId: z.string().nullable(),
  advice: z.string().describe('a key: advice.STATE'),
  adviceText: z.string().describe('what to do about the state, in the language of --lang'),
});

const searchHit = z.object({
  exhibit: z.string(),
  where: z.string(),
  offset: z.number().int().nullable(),
  form: z.string(),
  context: z.string(),
  frame: z.number().int().nullable(),
});

const handset = z.object({
  id: z.string(),
  label: z.string(),
  serial: z.string().nullable(),
  role: z.enum(['exhibit', 'twin']),
  addedAt: instant,
});

/** Every `--json` line of a command validates against the schema of its name (`handsight schema NAME`). */
export const cliShapes = {
  devices: device,
  handset,
  exhibits: exhibit,
  flows: flow,
  messages: message,
  findings: finding,
  records: record,
  identifiers: identifier,
  events: event,
  compare: change,
  claims: claim,
  verify: verifyLine,
  search: searchHit,
  case: acts.caseSummary,
  acquire: acts.acquired,
  analyse: acts.analysed,
  demo: acts.demonstration,
  complaint: acts.complaint,
  intake: acts.intake,
  imports: acts.unfinishedImport,
  changes: acts.handsetChange,
  plan: acts.plannedCommand,
  report: acts.reportFile,
  schema: acts.jsonSchema,
} as const;

export type CliShapeName = keyof typeof cliShapes;

/** JSON Schema (draft 2020-12) of one shape. */
export function jsonSchemaOf(name: CliShapeName): unknown {
  return z.toJSONSchema(cliShapes[name]);
}
