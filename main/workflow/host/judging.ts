import type { FindingDetail, IdentifierRecipient } from '../../../shared/contract/findings.ts';
import type { ComparedLabel } from '../../../shared/contract/comparison.ts';
import type { Finding } from '../../../shared/model/finding.ts';
import { identifierKinds } from '../../../shared/model/identifier.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import { statementOf } from '../../analysis/statements/statement.ts';
import { isTransmission } from '../../comparison/compare-traffic.ts';
import type { CaseReader } from '../../evidence/readers/case-reader.ts';
import type { IndexReader } from '../../evidence/readers/index-reader.ts';
import { citeInWords } from '../../report/recorded-words.ts';
import { reportWords } from '../../report/words.ts';
import type { HostHandlers } from './host-protocol.ts';
import { changesBetween, comparisonCaveats, isAcrossHandsets, visibilityOf } from '../compare.ts';
import type { Lang } from '../conduct.ts';
import { withLastIndex } from '../current-index.ts';
import { addComplaint, decideFinding } from '../decide.ts';
import { findingPage } from '../finding-pages.ts';
import { namedFindings } from '../named-findings.ts';
import { findingWithInstant, packetInstantsOf } from '../packet-instants.ts';
import { rowFactsOf } from '../row-facts.ts';
import { checkComplaints, judgeClaimsOf, runsAsTakenOf } from '../verify-claims.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';

type Handlers = Pick<
  HostHandlers,
  | 'findings.list'
  | 'findings.get'
  | 'findings.by-number'
  | 'findings.decide'
  | 'findings.recipients'
  | 'comparison.labels'
  | 'comparison.compare'
  | 'claims.list'
  | 'claims.runs'
  | 'complaints.list'
  | 'complaints.add'
>;

export function judgingHandlers(context: HostContext): Handlers {
  return {
    'findings.list': ({ directory, ...wish }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), async (reader, index) =>
        ok(await findingPage(reader, index, rowFactsOf(reader, index), envelope.language, wish)),
      ),
    'findings.get': ({ directory, key }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        detailOf(reader, index, envelope.language, key, key),
      ),
    'findings.by-number': ({ directory, number }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        detailOf(reader, index, envelope.language, reader.keyOfNumber(Number(number.slice(1))), number),
      ),
    'findings.decide': async ({ directory, key, verdict, reason }, envelope) => {
      const decided = await decideFinding(directory, { key, verdict, reason }, quickConduct(envelope));
      if (decided.ok) context.changed('case', directory);
      return decided;
    },
    'findings.recipients': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        ok(recipients(namedFindings(reader, index, {}, envelope.language))),
      ),
    'comparison.labels': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        ok(
          reader
            .labels()
            .filter((label) => label !== 'unassigned')
            .map((label) => comparedLabel(reader, index, label)),
        ),
      ),
    'comparison.compare': ({ directory, before, after }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) => {
        const acrossHandsets = isAcrossHandsets(reader, before, after);
        return ok({
          before: comparedLabel(reader, index, before),
          after: comparedLabel(reader, index, after),
          changes: changesBetween(reader, index, before, after, envelope.language),
          acrossHandsets,
          visibilityBefore: visibilityOf(index, before),
          visibilityAfter: visibilityOf(index, after),
          caveats: comparisonCaveats(reader, index, before, after, envelope.language),
        });
      }),
    'claims.list': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        ok(
          judgeClaimsOf(reader, index, envelope.language).map((claim) => ({
            ...claim,
            for: cited(claim.for, envelope.language),
            against: cited(claim.against, envelope.language),
          })),
        ),
      ),
    'claims.runs': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        ok(runsAsTakenOf(reader, index, envelope.language)),
      ),
    'complaints.list': ({ directory }, envelope) =>
      withLastIndex(directory, quickConduct(envelope), (reader, index) =>
        ok(
          checkComplaints(reader, index, envelope.language).map(({ complaint, check }) => ({
            complaint,
            check: {
              verdict: check.verdict,
              why: check.why,
              observations: [
                ...check.changes
                  .filter((one) => !one.noise)
                  .map((one) => ({ text: `${one.subject}: ${one.meaning}`, references: [] })),
                ...check.for.map((text) => ({ text, references: text.match(/\b[EF]\d{3,}\b/g) ?? [] })),
              ],
            },
          })),
        ),
      ),
    'complaints.add': ({ directory, ...complaint }, envelope) => {
      const added = addComplaint(directory, complaint, quickConduct(envelope));
      if (added.ok) context.changed('case', directory);
      return added;
    },
  };
}

/** What a verdict rests on, in words where it is a record or a change; numbers of findings stay. */
function cited(ids: readonly string[], lang: Lang): string[] {
  const words = reportWords(lang);
  return ids.map((id) => citeInWords(id, words));
}

function detailOf(
  reader: CaseReader,
  index: IndexReader,
  lang: Lang,
  key: string | null,
  name: string,
): Result<FindingDetail> {
  const draft = key === null ? null : index.finding(key);
  const [found] = draft === null ? [] : reader.nameFindings([draft]);
  if (found === undefined) return fail('finding-unknown', { key: name });
  const { context, bodyOffset, ...told } = found;
  const finding = { ...told, statement: statementOf(found, lang) };
  const exhibitId = finding.frames[0]?.exhibit;
  const exhibit = exhibitId === undefined ? null : reader.exhibit(exhibitId);
  const flow = finding.flow === null ? null : index.flow(finding.flow);
  const last = finding.frames.at(-1);
  // The message is the first of its kind that was complete at or after the last frame of the match.
  const message =
    finding.flow === null
      ? null
      : (index
          .messages({ flow: finding.flow })
          .find((one) => (last === undefined || one.exhibit === last.exhibit) && one.frame >= (last?.frame ?? 0)) ??
        null);
  return ok({
    finding: findingWithInstant(finding, packetInstantsOf(reader, index)),
    identifier: reader.identifiers().find((one) => one.id === finding.identifier?.id) ?? null,
    context,
    bodyOffset,
    exhibit: exhibit?.ok === true ? exhibit.value : null,
    flow,
    message,
    decisions: reader
      .decisions()
      .filter((one) => one.findingKey === finding.key)
      .map(({ findingKey: _key, ...decision }) => decision)
      .toReversed(),
  });
}

function recipients(findings: readonly Finding[]): IdentifierRecipient[] {
  const rows = new Map<string, IdentifierRecipient>();
  for (const one of findings) {
    if (one.identifier === null || !isTransmission(one)) continue;
    const recipient = one.destination?.names[0] ?? one.destination?.address ?? '';
    const key = JSON.stringify([one.label, one.identifier.kind, recipient, one.channel, one.representation]);
    const known = rows.get(key);
    rows.set(key, {
      label: one.label,
      identifierKind: one.identifier.kind,
      recipient,
      country: one.destination?.country ?? null,
      channel: one.channel,
      representation: one.representation,
      findings: (known?.findings ?? 0) + 1,
      firstKey: known?.firstKey ?? one.key,
      firstNumber: known?.firstNumber ?? one.number,
    });
  }
  const order = (row: IdentifierRecipient): string =>
    JSON.stringify([identifierKinds.indexOf(row.identifierKind) + 100, row.recipient, row.label, row.channel]);
  return [...rows.values()].toSorted((a, b) => (order(a) < order(b) ? -1 : 1));
}

function comparedLabel(reader: CaseReader, index: IndexReader, label: string): ComparedLabel {
  const exhibits = reader.exhibits({ label });
  const counts = index.counts({ label });
  const builds = index
    .records({ label, kind: 'property', text: 'ro.build.fingerprint' })
    .flatMap((one) => (one.kind === 'property' && one.name === 'ro.build.fingerprint' ? [one.value] : []));
  return {
    label,
    handsets: [...new Set(exhibits.map((one) => one.handset))],
    runs: [...new Set(exhibits.map((one) => one.run).filter((run) => run !== null))],
    builds: [...new Set(builds)],
    records: counts.record,
    flows: counts.flow,
  };
}
