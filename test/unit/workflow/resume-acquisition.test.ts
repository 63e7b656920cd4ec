import { describe, expect, it } from 'vitest';
import { firstFailure, verifyCase } from '../../../main/evidence/verify.ts';
import { previewResumed } from '../../../main/workflow/preview-resumed.ts';
import type { AcquireWish } from '../../../main/workflow/acquire-wish.ts';
import type { Acquisition } from '../../../shared/model/acquisition.ts';
import { ok } from '../../../shared/model/problem.ts';
import { resumable } from '../../../shared/model/resumable.ts';
import { acquire, commandsOf, directory, inCase, must, phone } from './cut-off.ts';
import type { Phone } from './cut-off.ts';

describe.each(['cable', 'cancel', 'crash'] as const)('an acquisition that was cut off by: %s', (by) => {
  it('is gone on with: what it answered is not asked again, what it did not is, and together they are whole', async () => {
    const first = acquire({}, { at: 'dumpsys package', by });
    if (by === 'crash') await expect(first.done).rejects.toThrow('died');
    else expect(must(await first.done).acquisition.outcome).toBe('interrupted');
    const left = inCase((all, exhibits) => ({ row: all[0], exhibits }));

    const second = acquire({ resume: true });
    const { acquisition, gaps } = must(await second.done);
    expect(acquisition).toMatchObject({ id: 'A2', profile: 'standard', continues: 'A1' });
    expect(acquisition.collectors?.slice(0, 4)).toEqual(['clock', 'state-check', 'properties', 'package-detail']);
    expect(second.sent).toContain('dumpsys package');
    expect(second.sent).toContain('dumpsys usagestats');
    for (const answered of ['logcat -d -b crash -v threadtime -v year -v zone', 'dumpsys appops', 'screencap -p'])
      expect(second.sent).not.toContain(answered);
    // What A1 was refused was not asked again, and is what the two lack.
    expect(second.sent).not.toContain('dumpsys dropbox --print');
    expect(gaps).toHaveLength(1);
    expect(gaps[0]).toContain('dumpsys dropbox --print');
    expect(acquisition.outcome).toBe('complete-with-gaps');
    expect(second.notices.join('\n')).toContain('Goes on with A1');

    // A whole one under another label reads what both did together, and lacks the same.
    const whole = must(await acquire({ label: 'whole' }).done);
    expect(whole.gaps).toEqual(gaps);
    inCase((all, exhibits) => {
      expect(commandsOf(exhibits, 'A1', 'A2').toSorted()).toEqual(commandsOf(exhibits, 'A3').toSorted());
      // Nothing of A1 was edited, but for the end that a dead program owed it.
      const edited = by === 'crash' ? ['endedAt', 'detail'] : [];
      for (const [key, value] of Object.entries(left.row ?? {}))
        if (!edited.includes(key)) expect(all[0]).toHaveProperty(key, value);
      expect(exhibits.filter((one) => one.acquisition === 'A1').length).toBeGreaterThanOrEqual(
        left.exhibits.filter((one) => one.acquisition === 'A1').length,
      );
    });
    expect(firstFailure(must(await verifyCase(directory)))).toBeNull();
  });
});

describe('going on', () => {
  it.each([
    ['settings --user 11 list secure', ['settings --user 11 list secure', 'ls /data/misc/user/11/cacerts-added']],
    ['ls /data/misc/user/11/cacerts-added', ['ls /data/misc/user/11/cacerts-added']],
  ])(
    'asks of each user what is asked of each, where the list of them was answered before: cut at %s',
    async (at, asked) => {
      const is: Phone = {
        ...phone,
        users: 'Users:\n  UserInfo{0:Owner:13} serialNo=0\n  UserInfo{11:Work:30} serialNo=11\n',
      };
      await acquire({}, { at, by: 'cable' }, is).done;
      const second = acquire({ resume: true }, null, is);
      expect(must(await second.done).acquisition).toMatchObject({ continues: 'A1' });
      expect(
        second.sent.filter((one) => one.startsWith('settings --user ') || one.includes('/user/11/cacerts-added')),
      ).toEqual([...asked, 'cat /data/misc/user/11/cacerts-added/7ae65fad.0']);
    },
  );

  it('goes on with what went on, in as many parts as it takes', async () => {
    await acquire({}, { at: 'dumpsys appops', by: 'cable' }).done;
    const second = must(await acquire({ resume: true }, { at: 'dumpsys user', by: 'cable' }).done);
    expect(second.acquisition).toMatchObject({ continues: 'A1', outcome: 'interrupted' });
    const third = acquire({ resume: true });
    const { acquisition, gaps } = must(await third.done);
    expect(acquisition).toMatchObject({ id: 'A3', continues: 'A2' });
    expect(third.sent).toContain('dumpsys user');
    expect(third.sent).not.toContain('dumpsys appops');
    expect(third.sent).not.toContain('dumpsys package');
    expect(gaps).toHaveLength(1);
  });

  it.each([
    ['build', { ...phone, fingerprint: 'a/b/c:15/2' }, /another build/],
    ['boot', { ...phone, bootedAt: Date.now() - 60_000 }, /started anew/],
    ['serial', { ...phone, serial: 'S2' }, /another serial/],
    ['unknown', { ...phone, uptime: false }, /not known/],
  ] as const)(
    'asks everything again, and says why, where the handset is not as it was left: %s',
    async (why, now, said) => {
      await acquire({}, { at: 'dumpsys package', by: 'cable' }).done;
      const second = acquire({ resume: true }, null, now);
      const { acquisition } = must(await second.done);
      expect(acquisition).toMatchObject({ id: 'A2', insteadOf: { id: 'A1', because: [why] } });
      expect(acquisition).not.toHaveProperty('continues');
      expect(second.sent).toContain('dumpsys appops');
      expect(second.notices.join('\n')).toMatch(said);
      expect(inCase(([, row]) => row)).toMatchObject({ insteadOf: { id: 'A1', because: [why] } });
    },
  );

  it('does not begin where nothing was cut off', async () => {
    const refused = async (wish: Partial<AcquireWish>) => await acquire({ ...wish, resume: true }).done;
    expect(await refused({})).toMatchObject({ ok: false, problem: { code: 'nothing-to-resume' } });
    await acquire({ profile: 'quick' }, { at: 'service call iphonesubinfo', by: 'cable' }).done;
    expect(await refused({ profile: 'standard' })).toMatchObject({ ok: false });
    expect(await refused({ profile: 'quick', label: 'after' })).toMatchObject({ ok: false });
    expect(must(await refused({ profile: 'quick' })).acquisition.continues).toBe('A1');
    expect(await refused({ profile: 'quick' })).toMatchObject({ ok: false, problem: { code: 'nothing-to-resume' } });
    expect(inCase((all) => all)).toHaveLength(2);
  });

  it('goes on with one’s own selection, where it is the same one', async () => {
    const own = { profile: 'own', collectors: ['users', 'power', 'dropbox'] } as const;
    await acquire(own, { at: 'dumpsys user', by: 'cable' }).done;
    expect(await acquire({ profile: 'own', collectors: ['users'], resume: true }).done).toMatchObject({ ok: false });
    const second = must(await acquire({ ...own, resume: true }).done);
    expect(second.acquisition).toMatchObject({
      continues: 'A1',
      profile: 'own',
      collectors: ['clock', 'state-check', 'properties', 'users', 'power'],
    });
  });

  it('knows a selection again by what was chosen, not by what that brought along', async () => {
    const own = { profile: 'own', collectors: ['policy'] } as const;
    const first = must(await acquire(own, { at: 'dumpsys device_policy', by: 'cable' }).done);
    expect(first.acquisition.collectors).toEqual(['clock', 'state-check', 'properties', 'policy']);
    expect(must(await acquire({ ...own, resume: true }).done).acquisition).toMatchObject({
      continues: 'A1',
      collectors: ['clock', 'state-check', 'properties', 'users', 'policy'],
    });
  });

  it('refuses a collector that there is none of, and begins nothing', async () => {
    expect(await acquire({ profile: 'own', collectors: ['apks'] }).done).toMatchObject({
      ok: false,
      problem: { code: 'value-invalid', params: { value: 'apks' } },
    });
    expect(inCase((all) => all)).toEqual([]);
  });
});

it('rows that lead in a circle are no way round', () => {
  const row = (id: string, continues: string): Acquisition => ({
    id,
    handset: 'H1',
    label: 'x',
    run: null,
    profile: 'own',
    collectors: ['clock'],
    continues,
    serial: 's',
    startedAt: '',
    endedAt: null,
    outcome: 'interrupted',
    detail: null,
  });
  const wish = { handset: 'H1', label: 'x', run: null, profile: 'own', collectors: ['clock'] } as const;
  expect(resumable([row('A1', 'A2'), row('A2', 'A1')], wish)?.id).toBe('A2');
});

describe('before one goes on', () => {
  const wish = { serial: 'fake', handset: 'H1', label: 'before', run: null, profile: 'standard' } as const;
  const preview = async (id: string, is: Phone = phone): Promise<Awaited<ReturnType<typeof previewResumed>>> => {
    const { handsets, done } = acquire({ label: 'other', profile: 'quick' }, null, is);
    await done;
    return await previewResumed(directory, id, wish, { handsets: () => Promise.resolve(ok(handsets)) });
  };

  it('it is told what would be asked, as it then is', async () => {
    await acquire({}, { at: 'dumpsys package', by: 'cable' }).done;
    const told = must(await preview('A1'));
    expect(told).toMatchObject({ id: 'A1', because: [], codeFiles: 0, codeBytes: 0 });
    expect(told?.asks).not.toContain('app-ops');
    expect(told?.asks.slice(0, 4)).toEqual(['clock', 'state-check', 'properties', 'package-detail']);
    const gone = must(await acquire({ resume: true }).done);
    expect(gone.acquisition.collectors).toEqual(told?.asks);
  });

  it('it is told why everything would be asked again, and nothing of an acquisition that is not the one', async () => {
    await acquire({}, { at: 'dumpsys package', by: 'cable' }).done;
    const told = must(await preview('A1', { ...phone, bootedAt: Date.now() - 1000 }));
    expect(told?.because).toEqual(['boot']);
    expect(told?.asks).toContain('app-ops');
    expect(must(await preview('A7'))).toBeNull();
  });
});
