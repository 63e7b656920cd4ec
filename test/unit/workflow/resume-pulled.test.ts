import { describe, expect, it, vi } from 'vitest';
import { CaseWriter } from '../../../main/evidence/case-writer.ts';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import { fail } from '../../../shared/model/problem.ts';
import { acquire, commandsOf, directory, inCase, must, phone } from './cut-off.ts';

describe.each(['cable', 'cancel', 'crash'] as const)('what is pulled, cut off by: %s', (by) => {
  const own = { profile: 'own', collectors: ['screen-text', 'bug-report'] } as const;
  const names = (): readonly string[] =>
    inCase((_, all) => all.map((one) => `${one.acquisition} ${one.originalName} ${one.outcome}`));
  const cutAt = async (at: string): Promise<void> => {
    const { done } = acquire(own, { at, by });
    if (by === 'crash') await expect(done).rejects.toThrow('died');
    else expect(must(await done).acquisition.outcome).toBe('interrupted');
  };

  it('is asked again where its file did not come', async () => {
    await cutAt('pull /data/local/tmp/handsight-');
    const second = acquire({ ...own, resume: true });
    const { acquisition } = must(await second.done);
    expect(acquisition).toMatchObject({ id: 'A2', continues: 'A1' });
    expect(acquisition.collectors).toContain('screen-text');
    expect(names()).toContain('A2 screen-text.xml read');
  });

  it('is not asked again where it came whole: a report that was pulled before the cut', async () => {
    await cutAt('sha256sum ');
    const second = acquire({ ...own, resume: true });
    const { acquisition } = must(await second.done);
    expect(acquisition).toMatchObject({ continues: 'A1' });
    expect(acquisition.collectors).not.toContain('bug-report');
    expect(second.sent).not.toContain('bugreportz -p');
    expect(names().filter((one) => one.includes(' bugreport-x-2026-01-01.zip '))).toEqual([
      'A1 bugreport-x-2026-01-01.zip read',
    ]);
  });
});

describe('a report that was taken in', () => {
  const own = { profile: 'own', collectors: ['bug-report'] } as const;
  const uptime = (): readonly string[] =>
    inCase((all, exhibits) => {
      const imported = all.filter(({ profile, outcome }) => profile === 'imported' && outcome === 'complete');
      return commandsOf(exhibits, ...imported.map(({ id }) => id));
    });

  it('is cut before the acquisition ends, and what is missing of it stands in what is stored', async () => {
    const { acquisition, gaps } = must(await acquire(own).done);
    expect(gaps).toEqual([]);
    expect(acquisition).toMatchObject({ id: 'A1', outcome: 'complete' });
    expect(uptime()).toEqual(['uptime']);
    inCase(([whole, parts]) => expect((parts?.endedAt ?? '') <= (whole?.endedAt ?? '')).toBe(true));
  });

  it.each(['cable', 'cancel', 'crash'] as const)(
    'and not cut, since the closing checks were cut off by: %s',
    async (by) => {
      const first = acquire(own, { at: 'rm ', by });
      if (by === 'crash') await expect(first.done).rejects.toThrow('died');
      else expect(must(await first.done).acquisition.outcome).toBe('interrupted');
      const isCut = by === 'cable';
      expect(uptime()).toEqual(isCut ? ['uptime'] : []);
      if (by === 'cancel')
        expect(inCase(([whole]) => whole?.detail)).toContain('nothing was taken out: it was stopped');
      const second = acquire({ ...own, resume: true });
      const { acquisition } = must(await second.done);
      expect(acquisition.continues).toBe('A1');
      expect(second.sent).not.toContain('bugreportz -p');
      // Once, whoever did it.
      expect(uptime()).toEqual(['uptime']);
      expect(inCase((all) => all.filter(({ profile }) => profile === 'imported'))).toHaveLength(1);
      expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
    },
  );

  it.each(['stop', 'crash'] as const)('is cut anew where the cutting itself was ended by: %s', async (how) => {
    const cancel = new AbortController();
    const first = acquire(own, null, phone, {
      signal: cancel.signal,
      progress: ({ task }) => {
        if (task !== 'import') return;
        if (how === 'crash') throw new Error('the program died');
        cancel.abort();
      },
    });
    if (how === 'crash') await expect(first.done).rejects.toThrow('died');
    else {
      const { acquisition, gaps } = must(await first.done);
      expect(acquisition.outcome).toBe('interrupted');
      expect(acquisition.detail).toContain('nothing was taken out');
      expect(gaps).toHaveLength(1);
    }
    const { acquisition } = must(await acquire({ ...own, resume: true }).done);
    expect(acquisition.continues).toBe('A1');
    expect(uptime()).toEqual(['uptime']);
    expect(inCase((all) => all.filter(({ outcome }) => outcome === 'running'))).toEqual([]);
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });

  it('that the store fails to cut leaves the acquisition ended, with a gap, and nothing running', async () => {
    const opens = vi.spyOn(CaseWriter.prototype, 'openExhibit').mockReturnValue(fail('disk-full'));
    const done = await acquire(own).done.finally(() => opens.mockRestore());
    const { acquisition, gaps } = must(done);
    expect(acquisition.outcome).toBe('complete-with-gaps');
    expect(acquisition.detail).toContain('nothing was taken out: the workstation’s disk is full');
    expect(gaps).toHaveLength(1);
    expect(inCase((all) => all.map(({ outcome }) => outcome))).toEqual(['complete-with-gaps', 'interrupted']);
  });
});
