import { describe, expect, it } from 'vitest';
import { screenText } from '../../../main/acquisition/collectors/screen-text.ts';
import { runAcquisition } from '../../../main/acquisition/run-acquisition.ts';
import type { AcquisitionOutcome } from '../../../main/acquisition/run-acquisition.ts';
import { acquisitionKnowledge as knowledge } from '../../../main/parsing/acquisition-knowledge.ts';
import { readUndo } from '../../../shared/model/handset-change.ts';
import { fakeEvidence, fakeHandset } from './fake-handset.ts';
import type { Answer } from './fake-handset.ts';

const folder = '/data/local/tmp/handsight-';
const tree = Buffer.from('<?xml version=\'1.0\'?><hierarchy rotation="0"><node text="Agree" /></hierarchy>');

interface Run {
  readonly outcome: AcquisitionOutcome;
  /** With the random part of names left out. */
  readonly sent: readonly string[];
  readonly evidence: ReturnType<typeof fakeEvidence>;
  readonly ends: readonly string[];
}

async function runWith(
  dump: (path: string) => Answer,
  { file = tree, v2 = true, rm = {} }: { file?: Buffer; v2?: boolean; rm?: Answer } = {},
): Promise<Run> {
  const answer = (command: string): Answer | undefined => {
    const [, path = ''] = /^uiautomator dump (\S+)$/.exec(command) ?? [];
    if (path !== '') return dump(path);
    return command.startsWith(`rm ${folder}`) ? rm : undefined;
  };
  const handset = fakeHandset(answer, { v2, files: { [folder]: file } });
  const evidence = fakeEvidence();
  const outcome = await runAcquisition({ link: handset.link, evidence, knowledge, profile: 'own', only: [screenText] });
  const ends = evidence.changes
    .filter(({ state }) => state === 'undone' || state === 'left')
    .map(({ reason, state, why }) => `${reason} ${state} ${why}`);
  return { outcome, sent: handset.sent.map((one) => one.replace(/[0-9a-f]{12}/, '*')), evidence, ends };
}

const written = (path: string): Answer => ({ stdout: `UI hierchary dumped to: ${path}\n` });

describe('the text of the screen', () => {
  it.each([true, false])('goes through a file that is recorded before and removed after (shell v2: %s)', async (v2) => {
    const { outcome, sent, evidence, ends } = await runWith(written, { v2 });
    expect(sent).toEqual([`uiautomator dump ${folder}*.xml`, `pull ${folder}*.xml`, `rm ${folder}*.xml`]);
    expect(outcome.outcome).toBe('complete');
    expect(ends).toEqual(['screen-text undone null']);
    const [begun] = evidence.changes;
    expect(evidence.order[0]).toMatch(/^begun uiautomator dump /);
    expect(readUndo(JSON.parse(JSON.stringify(begun?.undo)))).toEqual(begun?.undo);
    expect(evidence.stored.find(({ meta }) => meta.originalName === 'screen-text.xml')?.bytes).toEqual(tree);
  });

  it('is refused in the words of the handset when the screen does not come to rest, and nothing is pulled', async () => {
    const { outcome, sent, ends } = await runWith(() => ({ stdout: 'ERROR: could not get idle state.\n' }), {
      rm: { stderr: `rm: ${folder}: No such file or directory\n`, exitCode: 1 },
    });
    expect(sent.some((one) => one.startsWith('pull'))).toBe(false);
    expect(outcome.gaps).toContainEqual(expect.objectContaining({ reason: 'no-screen-tree' }));
    expect(ends).toEqual(['screen-text undone null']);
  });

  it('takes a file without a tree, or without its end, for no reading of the screen; the bytes are kept', async () => {
    for (const [file, reason] of [
      [Buffer.from('nothing of the kind'), 'no-screen-tree'],
      [tree.subarray(0, 60), 'screen-tree-cut'],
    ] as const) {
      const { outcome, evidence } = await runWith(written, { file });
      expect(outcome.gaps.map((one) => one.reason)).toEqual([reason]);
      expect(evidence.stored.some(({ bytes }) => bytes.equals(file))).toBe(true);
    }
  });

  it.each(['TIMEOUT', 'ABORTED'] as const)(
    'that ended here with %s may still be written: no file yet is no end',
    async (problem) => {
      const none = { stderr: `rm: ${folder}: No such file or directory\n`, exitCode: 1 };
      const cut = await runWith(() => ({ problem }), { rm: none });
      expect(cut.sent.some((one) => one.startsWith('rm '))).toBe(true);
      expect(cut.ends).toEqual(['screen-text left command-cut']);
      const removed = await runWith(() => ({ problem }));
      expect(removed.ends).toEqual(['screen-text undone null']);
    },
  );

  it('says what stays when the handset does not let its file go', async () => {
    const { ends } = await runWith(written, { rm: { stderr: 'rm: Permission denied\n', exitCode: 1 } });
    expect(ends).toHaveLength(1);
    expect(ends[0]).toMatch(/^screen-text left /);
  });
});
