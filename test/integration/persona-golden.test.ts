import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { personaIds } from '../handset-simulator/persona/persona-folder.ts';
import { deviceLink, fixedDevice } from './device-link.ts';
import { goldenFileOf, goldenOf } from './golden-records.ts';
import type { Golden } from './golden-records.ts';
import { personas } from './handset-bench.ts';

const write = process.env['HANDSIGHT_WRITE_GOLDEN'] === '1';
const ids = personaIds(personas);

describe('golden records', () => {
  it.each(ids)('%s', async (id) => {
    const golden = await goldenOf(id);
    if (write) writeFileSync(goldenFileOf(id), `${JSON.stringify(golden, null, 2)}\n`);
    const kept = existsSync(goldenFileOf(id)) ? (JSON.parse(readFileSync(goldenFileOf(id), 'utf8')) as Golden) : null;
    expect(kept, `${goldenFileOf(id)} is missing`).not.toBeNull();
    const known = Object.keys(kept?.commands ?? {});
    expect(known.length).toBeGreaterThan(30);
    const { release, commands } = golden;
    expect({ release, commands: Object.fromEntries(known.map((name) => [name, commands[name]])) }).toEqual(kept);
    for (const [name, { unread }] of Object.entries(commands)) expect(unread, name).toEqual([]);
  });

  it('what the code of apps says is among them, for more than one persona', () => {
    const withCode = ids.filter((id) => {
      const { commands } = JSON.parse(readFileSync(goldenFileOf(id), 'utf8')) as Golden;
      return Object.values(commands).some(({ counts }) => (counts['fact app-code'] ?? 0) > 0);
    });
    expect(withCode.length).toBeGreaterThan(1);
  });

  it('there is a persona for each release from 4.3 on that the formats differ in, and for each family of makers', async () => {
    const releases = new Set(ids.map((id) => Number.parseInt(fixedDevice(id).persona.release, 10)));
    expect([...releases].sort((a, b) => a - b)).toEqual(expect.arrayContaining([4, 5, 6, 7, 8, 10, 11, 13, 14, 16]));
    const marks = await Promise.all(
      ids.map(async (id) => {
        const said = await deviceLink(fixedDevice(id)).run('getprop');
        return said.ok ? said.value.stdout.toString('utf8') : '';
      }),
    );
    for (const mark of [
      'ro.miui.ui.version.name',
      'ro.mi.os.version.name',
      'ro.build.version.oneui',
      'ro.build.version.emui',
      'hw_sc.build.platform.version',
      'ro.build.version.opporom',
      'ro.build.version.realmeui',
      'ro.vivo.os.version',
    ])
      expect(
        marks.some((text) => text.includes(`[${mark}]: [`)),
        mark,
      ).toBe(true);
  });

  it('each maker that sold handsets of both times has a persona of the old protocol and one of the new', async () => {
    const said = await Promise.all(
      ids.map(async (id) => {
        const properties = await deviceLink(fixedDevice(id)).run('getprop');
        const text = properties.ok ? properties.value.stdout.toString('utf8') : '';
        const maker = /\[ro\.product\.manufacturer\]: \[([^\]]+)\]/.exec(text)?.[1]?.toLowerCase() ?? '';
        return `${maker} ${fixedDevice(id).persona.features.includes('shell_v2') ? 'new' : 'old'}`;
      }),
    );
    // realme is not among them: its first handset came with Android 8.1.
    for (const maker of ['xiaomi', 'samsung', 'huawei', 'oppo', 'vivo'])
      expect(said).toEqual(expect.arrayContaining([`${maker} old`, `${maker} new`]));
  });

  it.each(['device_policy', 'deviceidle', 'vpn_management', 'connectivity', 'role'])(
    'what `dumpsys %s` prints is read in a persona',
    (service) => {
      const read = ids.filter((id) => {
        const { commands } = JSON.parse(readFileSync(goldenFileOf(id), 'utf8')) as Golden;
        return Object.entries(commands).some(
          ([command, { outcome, counts }]) =>
            command.endsWith(`: dumpsys ${service}`) && outcome === 'read' && Object.keys(counts).length > 0,
        );
      });
      expect(read.length).toBeGreaterThan(1);
    },
  );
});
