import { basename } from 'node:path';
import { ok } from '../../../shared/model/problem.ts';
import type { CheckLine } from '../../../shared/model/custody.ts';
import type { HostHandlers } from './host-protocol.ts';
import { analyseCase } from '../analyse.ts';
import { readCase } from '../case-session.ts';
import { exportReport } from '../export-report.ts';
import { searchCase } from '../search-case.ts';
import { verifyCaseFolder } from '../verify-case.ts';
import { wordProblem } from '../word-problem.ts';
import { removeCopies } from '../wireshark/exhibit-copies.ts';
import type { HostContext } from './host-context.ts';

type Handlers = Pick<
  HostHandlers,
  | 'search.start'
  | 'custody.entries'
  | 'custody.verify'
  | 'analysis.start'
  | 'report.start'
  | 'tasks.cancel'
  | 'tasks.list'
  | 'host.stop'
>;

const shownHits = 2000;
const shownFailures = 200;

export function checkingHandlers(context: HostContext): Handlers {
  return {
    'search.start': ({ directory, text }, envelope) =>
      ok(
        context.tasks.start(
          { kind: 'search', title: text, directory, actor: envelope.actor, lang: envelope.language },
          async (conduct) => {
            const done = await searchCase(directory, text, conduct);
            if (!done.ok) return done;
            const { hits, exhibitsSearched, bytesSearched, limits } = done.value;
            const truncated = hits.length > shownHits || limits.length > 0;
            return ok({
              result: {
                kind: 'search',
                text,
                hits: hits.slice(0, shownHits),
                truncated,
                exhibitsSearched,
                bytesSearched,
              },
              gaps: limits,
            });
          },
        ),
      ),
    'custody.entries': ({ directory, before, limit }) =>
      readCase(directory, (reader) => {
        const all = reader.custody().toReversed();
        const entries = all.filter((one) => before === null || one.seq < before).slice(0, limit);
        return ok({ entries, total: all.length, head: reader.head() });
      }),
    'custody.verify': ({ directory, head }, envelope) =>
      ok(
        context.tasks.start(
          {
            kind: 'verification',
            title: basename(directory),
            directory,
            actor: envelope.actor,
            lang: envelope.language,
          },
          async (conduct) => {
            const failures: CheckLine[] = [];
            const done = await verifyCaseFolder(directory, { head }, conduct, (line) => {
              if (!line.ok && failures.length < shownFailures) failures.push(line);
            });
            if (!done.ok) return done;
            const { summary: _summary, ...result } = done.value;
            return ok({ result: { kind: 'verification', ...result, failures }, gaps: [] });
          },
        ),
      ),
    'analysis.start': ({ directory }, envelope) =>
      ok(
        context.tasks.start(
          { kind: 'analysis', title: basename(directory), directory, actor: envelope.actor, lang: envelope.language },
          async (conduct) => {
            const done = await analyseCase(directory, { workers: null }, conduct);
            if (!done.ok) return done;
            context.changed('index', directory);
            const { generation, findings, newFindings, gaps } = done.value;
            return ok({ result: { kind: 'analysis', generation, findings, newFindings }, gaps });
          },
        ),
      ),
    'report.start': ({ directory, format, language, path }, envelope) =>
      ok(
        context.tasks.start(
          { kind: 'report', title: basename(path), directory, actor: envelope.actor, lang: language },
          async (conduct) => {
            const done = await exportReport(
              directory,
              // The save dialog asks before it gives a name that is taken.
              { format, lang: language, outPath: path, force: true },
              context.print,
              conduct,
            );
            context.changed('case', directory);
            if (!done.ok) return done;
            const { bytes, sha256, gaps } = done.value;
            const [first] = gaps;
            if (first !== undefined && done.value.path !== path) return { ok: false, problem: first };
            return ok({
              result: { kind: 'report', fileName: basename(path), bytes, sha256, format },
              gaps: gaps.map((one) => wordProblem(language, one)),
            });
          },
        ),
      ),
    'tasks.cancel': ({ task }) => context.tasks.stop(task),
    'tasks.list': () => ok(context.tasks.list()),
    'host.stop': async () => {
      await context.tasks.stopAll();
      await context.live.stop();
      removeCopies();
      return ok(null);
    },
  };
}
