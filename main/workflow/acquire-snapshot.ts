import type { Acquisition } from '../../shared/model/acquisition.ts';
import { intakeWants } from '../../shared/model/intake.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import type { Collector } from '../acquisition/collector.ts';
import { appCode } from '../acquisition/collectors/app-code.ts';
import { bugReport } from '../acquisition/collectors/bug-report.ts';
import { messageTexts } from '../acquisition/collectors/message-texts.ts';
import { screenText } from '../acquisition/collectors/screen-text.ts';
import { unknownCollectors } from '../acquisition/own-profile.ts';
import type { CollectorResult, EvidencePort, OutputMeta } from '../acquisition/ports.ts';
import type { AcquisitionOutcome } from '../acquisition/run-acquisition.ts';
import { takenOverCommand } from '../acquisition/take-over.ts';
import { runAcquisition } from '../acquisition/run-acquisition.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { CaseWriter } from '../evidence/case-writer.ts';
import type { HandsetLink } from '../handset/link.ts';
import { acquisitionKnowledge } from '../parsing/acquisition-knowledge.ts';
import type { AcquireWish } from './acquire-wish.ts';
import { readCase, writeCaseWhile } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { gap, wordGap } from './gaps.ts';
import type { Handsets } from './handset-session.ts';
import { recordStates } from './record-states.ts';
import { identifiersFromExhibits } from './handset-identifiers.ts';
import { RecordedChanges } from './recorded-changes.ts';
import { planResumed, planWhole } from './resume-acquisition.ts';
import { StoreFailure, need } from './store-failure.ts';
import { undoOn } from './undo-changes.ts';
import { unpackAcquiredReports } from './unpack-acquired-report.ts';
import { tell } from './tell.ts';

export interface Acquired {
  readonly acquisition: Acquisition;
  readonly results: readonly CollectorResult[];
  /** What was refused, timed out, cut or not reached, one a line. */
  readonly gaps: readonly string[];
}

/** Told while it runs. */
export interface AcquireWatch {
  /** What is going to be asked, once that is known. */
  readonly onAsked?: (asked: readonly Collector[]) => void;
  /** Each collector as it ends: what was read, refused, empty or cut, while the rest still runs. */
  readonly onResult?: (result: CollectorResult) => void;
}

/**
 * One acquisition of one handset: every command's raw output is in custody before it is judged.
 * Problems (nothing stored): `value-invalid` of a collector that there is none of, `nothing-to-resume`, those of the link and of opening the case. Once it began, the answer is `Acquired`, however it ended.
 */
export async function acquireSnapshot(
  directory: string,
  wish: AcquireWish,
  handsets: Handsets,
  conduct: Conduct,
  watch: AcquireWatch = {},
): Promise<Result<Acquired>> {
  const texts = checkedText({ label: wish.label, run: wish.run, as: conduct.actor });
  if (!texts.ok) return texts;
  const [unknown] = unknownCollectors(wish.collectors ?? []);
  if (unknown !== undefined) return fail('value-invalid', { value: unknown });
  const known = readCase(directory, (reader) =>
    reader.handsets().some((one) => one.id === wish.handset)
      ? ok(coversTexts(reader, wish.handset))
      : fail('handset-unknown', { handset: wish.handset }),
  );
  if (!known.ok) return known;
  const link = await handsets.open(wish.serial, conduct.signal);
  if (!link.ok) return link;
  try {
    const state = await link.value.look(conduct.signal);
    if (!state.ok) return state;
    return await writeCaseWhile(directory, `acquiring ${wish.label}`, conduct, (writer) =>
      acquireInto(
        writer,
        wish,
        link.value,
        { ...watch, keyFingerprint: handsets.keyFingerprint(), isCovered: known.value },
        conduct,
      ),
    );
  } finally {
    link.value.close();
  }
}

/** Whether the latest intake says that the authority covers an examination of the running handset. */
function coversTexts(reader: CaseReader, handset: string): boolean {
  const latest = reader.intakes().findLast((one) => one.handset === handset);
  return !intakeWants(latest ?? null).includes('authority');
}

async function acquireInto(
  writer: CaseWriter,
  wish: AcquireWish,
  link: HandsetLink,
  {
    keyFingerprint,
    isCovered,
    onAsked,
    onResult,
  }: AcquireWatch & { readonly keyFingerprint: string | null; readonly isCovered: boolean },
  conduct: Conduct,
): Promise<Result<Acquired>> {
  // What an earlier act left goes first: nothing of ours is to stand in what is read now.
  await undoOn(writer, link, conduct);
  const planned = wish.resume === true ? await planResumed(writer, wish, link) : ok(planWhole(wish));
  if (!planned.ok) return planned;
  const { asked, scope, gaps: standing, storedCode } = planned.value;
  onAsked?.(asked);
  // What nothing takes back is said before it is done.
  if (asked.includes(screenText)) tell(conduct, (words) => words('ui.plan.screen-text'));
  if (asked.includes(bugReport)) tell(conduct, (words) => words('ui.plan.bug-report'));
  const withTexts = asked.includes(messageTexts);
  if (withTexts) tell(conduct, (words) => words('ui.plan.message-texts'));
  if (withTexts && !isCovered) tell(conduct, (words) => words('acquire.no-authority', { handset: wish.handset }));
  const { handset, label, run, profile, serial } = wish;
  const begun = writer.beginAcquisition({ handset, label, run, profile, serial, ...scope });
  if (!begun.ok) return begun;
  const { id } = begun.value;
  tellResumed(begun.value, asked, conduct);
  if (keyFingerprint !== null) {
    const noted = writer.note('adb-key-used', `${id}: SHA-256 ${keyFingerprint}`);
    if (!noted.ok) return noted;
  }
  if (withTexts) {
    const authority = isCovered ? 'confirmed at intake' : 'not confirmed at intake';
    const noted = writer.note('message-texts-asked', `${id}: chosen by name; authority to examine ${authority}`);
    if (!noted.ok) return noted;
  }
  const changes = new RecordedChanges(writer, { act: id, handset: wish.handset, serial: wish.serial }, conduct);
  try {
    const outcome = await runAcquisition({
      link,
      evidence: evidencePort(writer, wish, id, changes, link),
      knowledge: acquisitionKnowledge,
      profile,
      only: asked,
      storedCode,
      signal: conduct.signal,
      onProgress: conduct.progress,
      ...(onResult === undefined ? {} : { onResult }),
    });
    storeJournal(writer, wish, id, link);
    tellTakenOver(writer, id, outcome, conduct);
    const differs = recordStates(writer, wish, id, outcome.states, conduct);
    const doubts = identifiersFromExhibits(writer, wish, outcome);
    // Before the end is stored: what is missing of a report enters it, and whoever is killed meanwhile can go on.
    const reports = await unpackAcquiredReports(writer, wish, id, conduct);
    const gaps = [
      ...gapsOf(outcome),
      ...standing.map((one) => gap('command', { ...one })),
      ...changes.left,
      ...differs,
      ...doubts,
      ...reports.gaps,
    ];
    const others = standing.length + changes.left.length + differs.length + reports.unread;
    const isStopped = reports.unread > 0 && conduct.signal.aborted;
    const ended = writer.endAcquisition(id, {
      outcome: isStopped ? 'interrupted' : endOf(outcome, others),
      detail: gaps.length === 0 ? null : gaps.map((one) => wordGap('en', one)).join('\n'),
    });
    if (!ended.ok) return ended;
    return ok({
      acquisition: ended.value,
      results: outcome.results,
      gaps: gaps.map((one) => wordGap(conduct.lang, one)),
    });
  } catch (error) {
    // A full disk or a lost folder: what was acknowledged is there, the end is recorded if it still can be.
    if (!(error instanceof StoreFailure)) throw error;
    writer.endAcquisition(id, { outcome: 'interrupted', detail: error.problem.code });
    return { ok: false, problem: error.problem };
  } finally {
    changes.close();
  }
}

/** Whether it goes on where another was cut off, or why it does not. */
function tellResumed({ continues, insteadOf }: Acquisition, asked: readonly Collector[], conduct: Conduct): void {
  if (continues !== undefined)
    tell(conduct, (words) =>
      words('acquire.continues', { id: continues, collectors: asked.map((one) => one.id).join(', ') }),
    );
  if (insteadOf !== undefined)
    tell(conduct, (words, lang) => {
      const because = insteadOf.because.map((one) => words(`acquire.differs.${one}`)).join(lang === 'en' ? '; ' : '；');
      return words('acquire.instead', { id: insteadOf.id, because });
    });
}

/** What was not pulled again: noted in the chain with where it is listed, and told. */
function tellTakenOver(writer: CaseWriter, id: string, { results }: AcquisitionOutcome, conduct: Conduct): void {
  const commands = results.flatMap((one) => one.commands);
  const taken = commands.filter((one) => one.takenOver !== undefined);
  if (taken.length === 0) return;
  const from = [...new Set(taken.flatMap((one) => one.takenOver ?? []))].join(', ');
  const exhibit = commands.find(({ command }) => command === takenOverCommand)?.exhibits[0] ?? '';
  const bytes = taken.reduce((sum, one) => sum + one.bytes, 0);
  need(writer.note('app-code-taken-over', `${id}: ${taken.length} files of ${from}, listed in ${exhibit}`));
  tell(conduct, (words) => words('acquire.taken-over', { count: taken.length, bytes, from, exhibit }));
}

/** What was left on the handset, differs on it, or was dated by a clock that was set, is a gap of an acquisition that asked everything. */
function endOf({ outcome, clockSteps }: AcquisitionOutcome, others: number): AcquisitionOutcome['outcome'] {
  return outcome === 'complete' && clockSteps.length + others > 0 ? 'complete-with-gaps' : outcome;
}

function evidencePort(
  writer: CaseWriter,
  wish: AcquireWish,
  acquisition: string,
  changes: RecordedChanges,
  link: HandsetLink,
): EvidencePort {
  const { label, handset, run } = wish;
  return {
    hold: (meta: OutputMeta, bytes) => {
      const { originalName, kind, collector, origin } = meta;
      const exhibit = need(
        writer.beginExhibit({ originalName, kind, collector, origin, label, handset, run, acquisition }),
      );
      need(exhibit.write(bytes));
      need(exhibit.checkpoint());
      return Promise.resolve({
        finish: ({ outcome, fault }) => Promise.resolve(need(exhibit.finish({ outcome, fault, packets: null })).id),
      });
    },
    open: (meta: OutputMeta) => {
      const { originalName, kind, collector, origin: begun } = meta;
      const exhibit = need(
        writer.beginExhibit({ originalName, kind, collector, origin: begun, label, handset, run, acquisition }),
      );
      return Promise.resolve({
        write: async (bytes) => {
          need(exhibit.write(bytes));
        },
        checkpoint: async () => {
          need(exhibit.checkpoint());
        },
        finish: async ({ outcome, fault, origin }) =>
          need(exhibit.finish({ outcome, fault, origin, packets: null })).id,
      });
    },
    recordChange: async (change) => {
      await changes.identify(link);
      changes.record(change);
    },
  };
}

/** Every service string that was sent, with its times and end: an exhibit of its own. */
function storeJournal(writer: CaseWriter, wish: AcquireWish, acquisition: string, link: HandsetLink): void {
  const text = link.journal.map((entry) => JSON.stringify(entry)).join('\n') + '\n';
  need(
    writer.storeExhibit(
      Buffer.from(text, 'utf8'),
      {
        originalName: 'adb-journal.jsonl',
        kind: 'file',
        label: wish.label,
        handset: wish.handset,
        run: wish.run,
        acquisition,
        collector: 'journal',
        origin: { type: 'workstation', note: 'every service string sent to the handset, with times and end' },
      },
      { outcome: 'read', packets: null, fault: null },
    ),
  );
}

/** A file of an app's code that the connection, or the person, ended in the middle: whoever goes on pulls it whole (ADR 0014). */
function isCutCode({ collector, command, outcome, reason }: AcquisitionOutcome['gaps'][number]): boolean {
  const isCut = outcome === 'interrupted' && reason !== 'total-limit';
  return isCut && collector === appCode.id && command.startsWith('pull ');
}

function gapsOf(outcome: AcquisitionOutcome): Gap[] {
  const gaps = outcome.gaps.map((one) =>
    gap(isCutCode(one) ? 'code-cut' : 'command', {
      collector: one.collector,
      command: one.command,
      outcome: one.outcome,
      reason: one.reason ?? 'none',
    }),
  );
  for (const { from, to, stepMs } of outcome.clockSteps)
    gaps.push(gap('clock-step', { from, to, seconds: (stepMs / 1000).toFixed(3) }));
  if (outcome.endedBy !== null) gaps.push(gap('ended-by', { problem: outcome.endedBy }));
  if (outcome.notReached.length > 0) gaps.push(gap('not-reached', { collectors: outcome.notReached.join(', ') }));
  return gaps;
}
