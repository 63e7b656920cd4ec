import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { WiresharkOpened } from '../../../shared/contract/wireshark.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { CaseReader } from '../../evidence/readers/case-reader.ts';
import type { IndexReader } from '../../evidence/readers/index-reader.ts';
import { writeCase } from '../case-session.ts';
import type { Conduct } from '../conduct.ts';
import { withIndex } from '../current-index.ts';
import { copyForViewing } from './exhibit-copies.ts';
import { findWireshark } from './find-wireshark.ts';
import type { WiresharkView } from './wireshark-command.ts';
import { conversationAround, conversationFilter, wiresharkArguments, wiresharkCommands } from './wireshark-command.ts';

export type WiresharkWish =
  | { readonly type: 'finding'; readonly key: string }
  | { readonly type: 'flow'; readonly flow: number; readonly frame: number | null };

interface Place extends WiresharkView {
  readonly exhibit: Exhibit;
  readonly path: string;
}

/**
 * Opens a copy of the capture in Wireshark at the frames of a finding or at a conversation; custody notes it. Without
 * Wireshark nothing is copied or noted, and the answer holds the commands for where there is one.
 * Problems: `finding-unknown`, `value-invalid` (no such conversation), `case-damaged`, `disk-full`, `program-failed`.
 */
export async function openInWireshark(
  directory: string,
  wish: WiresharkWish,
  conduct: Conduct,
  program: string | null = findWireshark(),
): Promise<Result<WiresharkOpened>> {
  const found = await withIndex(directory, conduct, (reader, index) => placeOf(reader, index, wish));
  if (!found.ok) return found;
  const { exhibit, path, frame, filter } = found.value;
  const commands = wiresharkCommands(resolve(path), found.value);
  const answer = { exhibit: exhibit.id, frame, filter, commands };
  if (program === null) return ok({ ...answer, opened: false, copy: null, noted: false });
  const copied = copyForViewing(exhibit, path);
  if (!copied.ok) return copied;
  const { file, remove } = copied.value;
  const started = await start(program, wiresharkArguments(file, found.value), remove);
  if (!started.ok) return started;
  const at = frame === null ? '' : ` frame ${frame}`;
  const noted = writeCase(directory, 'noting an opening', conduct, (writer) =>
    writer.note('exhibit-opened', `${exhibit.id} → Wireshark${at}, ${filter}`),
  );
  return ok({ ...answer, opened: true, copy: file, noted: noted.ok });
}

function placeOf(reader: CaseReader, index: IndexReader, wish: WiresharkWish): Result<Place> {
  const view = wish.type === 'finding' ? viewOfFinding(index, wish.key) : viewOfFlow(index, wish.flow, wish.frame);
  if (!view.ok) return view;
  const exhibit = reader.exhibit(view.value.exhibit);
  if (!exhibit.ok) return exhibit;
  const opened = reader.openExhibit(exhibit.value.id);
  if (!opened.ok) return opened;
  opened.value.close();
  return ok({ ...view.value, exhibit: exhibit.value, path: reader.exhibitPath(exhibit.value) });
}

type View = WiresharkView & { readonly exhibit: string };

function viewOfFinding(index: IndexReader, key: string): Result<View> {
  const finding = index.finding(key);
  const [first] = finding?.frames ?? [];
  // A finding from the handset's own records has no frames.
  if (finding === null || finding.filter === null || first === undefined) return fail('finding-unknown', { key });
  // The frames alone would hide what stands around them: the conversation is shown, at the first frame.
  const flow = finding.flow === null ? null : index.flow(finding.flow);
  const filter = flow === null ? finding.filter : conversationAround(flow, finding.filter);
  return ok({ exhibit: first.exhibit, frame: first.frame, filter });
}

function viewOfFlow(index: IndexReader, id: number, frame: number | null): Result<View> {
  const flow = index.flow(id);
  if (flow === null) return fail('value-invalid', { what: 'flow', value: String(id) });
  return ok({ exhibit: flow.exhibit, frame, filter: conversationFilter(flow) });
}

/** Starts the program on its own: it lives on when this one ends. `onEnd` is called when it has ended. */
async function start(program: string, args: readonly string[], onEnd: () => void): Promise<Result<null>> {
  return new Promise((done) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', shell: false, windowsHide: false });
    child.once('error', (error) => {
      onEnd();
      done(fail('program-failed', { program }, error.message));
    });
    child.once('spawn', () => done(ok(null)));
    child.once('exit', onEnd);
    child.unref();
  });
}
