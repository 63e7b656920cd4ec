import fs from 'node:fs';
import { setHook } from '../../main/evidence/hooks.ts';
import { acquireSnapshot } from '../../main/workflow/acquire-snapshot.ts';
import { writeCaseWhile } from '../../main/workflow/case-session.ts';
import type { Conduct } from '../../main/workflow/conduct.ts';
import { openHandsets } from '../../main/workflow/handset-session.ts';
import { RecordedChanges } from '../../main/workflow/recorded-changes.ts';
import { takeBack } from '../../main/handset/take-back.ts';
import { ok } from '../../shared/model/problem.ts';
import type { UndoStep } from '../../shared/model/handset-change.ts';
import { valueOf } from './handset-bench.ts';

/**
 * A real process that acquires while it has changed the handset: `node changing-child.ts DIRECTORY SERIAL PROFILE PROXY RULE`.
 * A proxy (`PROXY` is what it was, `none`: nothing) and, with `rule`, a reverse rule that it goes through stand for the whole
 * acquisition. With HANDSIGHT_COUNT_HOOKS it lists the points that it passes.
 */
const [directory = '', serial = '', profile = '', was = '', withRule = ''] = process.argv.slice(2);
const passed: string[] = [];
const counting = process.env['HANDSIGHT_COUNT_HOOKS'] !== undefined;
if (counting) setHook((name) => void passed.push(name));

const conduct: Conduct = {
  actor: null,
  lang: 'en',
  signal: new AbortController().signal,
  progress: () => undefined,
};
const proxyWas = was === 'none' ? null : was;
const rule: UndoStep = { type: 'remove-reverse', remote: 'tcp:45671', local: 'tcp:45671' };
const proxy: UndoStep = { type: 'restore-setting', namespace: 'global', name: 'http_proxy', value: proxyWas };
const through = { command: 'reverse:forward', reason: 'canary', undo: [rule], why: null } as const;
const put = { command: 'settings put global http_proxy', reason: 'canary', undo: [proxy], why: null } as const;

const handsets = valueOf(await openHandsets({ adbPath: null, remember: false, lang: 'en' }));
const link = valueOf(await handsets.open(serial, conduct.signal));
valueOf(
  await writeCaseWhile(directory, 'changing', conduct, async (writer) => {
    const changes = new RecordedChanges(writer, { act: 'test', handset: 'H1', serial }, conduct);
    await changes.identify(link);
    if (withRule === 'rule') {
      changes.record({ ...through, state: 'begun' });
      valueOf(await link.reverse.add(rule.remote, rule.local));
      changes.record({ ...through, state: 'made' });
    }
    changes.record({ ...put, state: 'begun' });
    await link.run('settings put global http_proxy 127.0.0.1:45671');
    changes.record({ ...put, state: 'made' });
    const wish = { serial, handset: 'H1', label: 'before', run: null } as const;
    valueOf(
      await acquireSnapshot(
        directory,
        { ...wish, profile: profile === 'quick' ? 'quick' : 'standard' },
        handsets,
        conduct,
      ),
    );
    for (const change of withRule === 'rule' ? [put, through] : [put]) {
      const why = await takeBack(link, change.undo);
      changes.record({ ...change, state: why === null ? 'undone' : 'left', why });
    }
    changes.close();
    return ok(null);
  }),
);
link.close();
await handsets.stop();
if (counting) fs.writeSync(1, `hooks ${JSON.stringify(passed)}\n`);
