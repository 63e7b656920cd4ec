import type { TaskItem } from '../../../shared/contract/tasks.ts';
import type { LiveSight } from '../../../shared/model/live-sight.ts';
import { ok } from '../../../shared/model/problem.ts';
import type { Collector } from '../../acquisition/collector.ts';
import { alwaysAsked, collectorsFor } from '../../acquisition/own-profile.ts';
import { collectors as everyCollector, planAcquisition } from '../../acquisition/plan.ts';
import type { CollectorResult } from '../../acquisition/ports.ts';
import { isGap } from '../../acquisition/judge-results.ts';
import { planTcpdump } from '../../capture/tcpdump-plan.ts';
import type { HostHandlers } from './host-protocol.ts';
import { acquireSnapshot } from '../acquire-snapshot.ts';
import { askRelease, unknownHandset } from '../ask-release.ts';
import { captureTraffic } from '../capture-traffic.ts';
import { readCase } from '../case-session.ts';
import type { BothLanguages, Conduct } from '../conduct.ts';
import { withIndex } from '../current-index.ts';
import { previewResumed } from '../preview-resumed.ts';
import type { Words } from '../words.ts';
import { wordsFor } from '../words.ts';
import type { HostContext } from './host-context.ts';
import { quickConduct } from './host-context.ts';
import type { TaskVoice } from './task-board.ts';

type Handlers = Pick<
  HostHandlers,
  | 'acquisition.plan'
  | 'acquisition.resumed'
  | 'acquisition.start'
  | 'acquisition.list'
  | 'acquisition.results'
  | 'capture.methods'
  | 'capture.start'
  | 'capture.stop'
>;

/** The collectors of an acquisition as rows of a task: what came of each that ended, which one runs, which wait. */
function collectorItems(
  asked: readonly Collector[],
  words: Words,
  ended: ReadonlyMap<string, CollectorResult>,
  current: string | null,
): TaskItem[] {
  return asked.map(({ id, titleKey }) => {
    const result = id === current ? undefined : ended.get(id);
    return {
      id,
      titleKey,
      title: words(titleKey),
      state: id === current ? 'running' : (result?.outcome ?? 'waiting'),
      detail: result === undefined ? null : (result.reason ?? result.commands.find(isGap)?.reason ?? null),
    };
  });
}

export function collectingHandlers(context: HostContext): Handlers {
  return {
    'acquisition.plan': async ({ profile, serial }, envelope) => {
      const words = wordsFor(envelope.language);
      const asked = serial === null ? null : await askRelease(context.live, serial);
      return ok({
        profile,
        handset: serial === null || asked === null ? null : { serial, release: asked.release },
        collectors: planAcquisition(profile, asked ?? unknownHandset).map(({ collector, commands }) => ({
          id: collector.id,
          titleKey: collector.titleKey,
          title: words(collector.titleKey),
          commands,
          from: collector.profiles[0] ?? 'own',
          always: alwaysAsked.includes(collector),
          buildsOn: collector.buildsOn ?? [],
        })),
      });
    },
    'acquisition.resumed': ({ directory, id, collectors, ...wish }) =>
      previewResumed(directory, id, { ...wish, collectors: collectors ?? [] }, context.live),
    'acquisition.start': ({ directory, serial, handset, label, run, profile, collectors, resume }, envelope) =>
      ok(
        context.tasks.start(
          { kind: 'acquisition', title: serial, directory, actor: envelope.actor, lang: envelope.language },
          async (conduct, voice) => {
            const handsets = await context.live.handsets();
            if (!handsets.ok) return handsets;
            const words = wordsFor(envelope.language);
            const ended = new Map<string, CollectorResult>();
            let asked = collectorsFor(profile, collectors ?? []);
            const show = (current: string | null): void => voice.items(collectorItems(asked, words, ended, current));
            show(null);
            let current = '';
            const watched: Conduct = {
              ...withNotices(conduct, voice),
              progress: (progress) => {
                if (progress.step !== current) show((current = progress.step));
                conduct.progress(progress);
              },
            };
            const wish = { serial, handset, label, run, profile, collectors: collectors ?? [], resume };
            const done = await acquireSnapshot(directory, wish, handsets.value, watched, {
              onAsked: (known) => {
                asked = known;
                show(null);
              },
              onResult: (result) => {
                // The clock is measured twice: what went wrong at either end stays to be seen.
                if (!ended.has(result.collector) || result.outcome !== 'read') ended.set(result.collector, result);
              },
            });
            show(null);
            context.changed('case', directory);
            if (!done.ok) return done;
            return ok({
              result: { kind: 'acquisition', acquisition: done.value.acquisition.id },
              gaps: done.value.gaps,
            });
          },
        ),
      ),
    'acquisition.list': ({ directory }) => readCase(directory, (reader) => ok(reader.acquisitions().toReversed())),
    'acquisition.results': ({ directory, acquisition }, envelope) =>
      withIndex(directory, quickConduct(envelope), (reader, index) => {
        const words = wordsFor(envelope.language);
        const titles = new Map(everyCollector.map(({ id, titleKey }) => [id, titleKey]));
        const byCollector = groupBy(reader.exhibits({ acquisition }), (one) => one.collector ?? 'journal');
        return ok(
          [...byCollector].map(([collector, exhibits]) => {
            const best = exhibits.find((one) => one.outcome === 'read') ?? exhibits[0];
            const titleKey = titles.get(collector) ?? `collector.${collector}`;
            return {
              collector,
              titleKey,
              title: words(titleKey),
              outcome: best?.outcome ?? ('empty' as const),
              exhibits: exhibits.map((one) => one.id),
              bytes: exhibits.reduce((sum, one) => sum + one.bytes, 0),
              records: exhibits.reduce((sum, one) => sum + index.records({ exhibit: one.id }).length, 0),
              reason: best === undefined || best.outcome === 'read' ? null : best.fault,
            };
          }),
        );
      }),
    'capture.methods': async ({ serial }, envelope) => {
      const words = wordsFor(envelope.language);
      const handsets = await context.live.handsets();
      if (!handsets.ok) return handsets;
      const link = await handsets.value.open(serial, new AbortController().signal);
      if (!link.ok) return link;
      const plan = await planTcpdump(link.value, undefined);
      link.value.close();
      const why = plan.ok
        ? words('host.tcpdump.available')
        : words(`problem.${plan.problem.code}`, plan.problem.params);
      return ok([{ method: 'tcpdump' as const, available: plan.ok, why }]);
    },
    'capture.start': ({ directory, serial, handset, label, run, seconds }, envelope) =>
      ok(
        context.tasks.start(
          {
            kind: 'capture',
            title: serial,
            directory,
            actor: envelope.actor,
            lang: envelope.language,
            stopsInOrder: true,
          },
          async (conduct, voice) => {
            const handsets = await context.live.handsets();
            if (!handsets.ok) return handsets;
            let segments = 0;
            let counts: Readonly<Record<string, number | null>> = {};
            const sights: LiveSight[] = [];
            const done = await captureTraffic(
              directory,
              { serial, handset, label, run, seconds },
              handsets.value,
              withNotices(conduct, voice),
              {
                onEvent: (event) => {
                  if (event.type === 'listening') segments = event.segment;
                  if (event.type !== 'position') return;
                  counts = {
                    ...counts,
                    packets: event.position.packets,
                    bytes: event.position.offsetBytes,
                    segments,
                    dropped: null,
                  };
                  voice.counts(counts);
                },
                live: {
                  onSights: (fresh, dropped) => {
                    sights.push(...fresh);
                    voice.live({ sights: [...sights], dropped, failure: null });
                  },
                  onState: ({ searchedBytes, behindBytes }) => {
                    counts = { ...counts, searched: searchedBytes, behind: behindBytes };
                    voice.counts(counts);
                  },
                  onFailure: (failure) => voice.live({ sights: [...sights], dropped: 0, failure }),
                },
              },
            );
            context.changed('case', directory);
            if (!done.ok) return done;
            const last = done.value.run.segments.at(-1);
            voice.counts({
              ...counts,
              packets: done.value.run.segments.reduce((sum, one) => sum + one.packets, 0),
              bytes: done.value.run.segments.reduce((sum, one) => sum + one.bytes, 0),
              segments: done.value.run.segments.length,
              dropped: last?.totals?.droppedByKernel ?? null,
            });
            return ok({
              result: {
                kind: 'capture',
                exhibits: done.value.exhibits.map((one) => one.id),
                end: last?.end ?? 'process-failed',
              },
              gaps: done.value.gaps,
            });
          },
        ),
      ),
    'capture.stop': ({ task }) => context.tasks.stop(task),
  };
}

/** What the work tells is shown with its task, in either language. */
function withNotices(conduct: Conduct, voice: Pick<TaskVoice, 'notices'>): Conduct {
  const notices: BothLanguages[] = [];
  return {
    ...conduct,
    notice: (text, both) => {
      notices.push(both ?? { en: text, 'zh-Hant': text });
      voice.notices([...notices]);
    },
  };
}

function groupBy<Row>(rows: readonly Row[], key: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const group = groups.get(key(row));
    if (group === undefined) groups.set(key(row), [row]);
    else group.push(row);
  }
  return groups;
}
