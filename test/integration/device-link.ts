import { createHash } from 'node:crypto';
import type { AcquisitionLink } from '../../main/acquisition/ports.ts';
import type { RunOutcome } from '../../main/handset/link-types.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { makeWorld } from '../demo-world/world.ts';
import { commandsFor } from '../handset-simulator/commands/command-table.ts';
import { Device } from '../handset-simulator/persona/device.ts';
import { layOutFiles } from '../handset-simulator/persona/file-layout.ts';
import { openPersona } from '../handset-simulator/persona/persona-folder.ts';
import { terminalBytes } from '../handset-simulator/services/shell-service.ts';
import { sizeOf } from '../handset-simulator/services/virtual-files.ts';
import { runLine } from '../handset-simulator/shell/run-line.ts';
import { personas } from './handset-bench.ts';

/** The workstation's clock for a device that must say the same every day. */
const fixedNow = Date.parse('2026-03-02T08:30:00Z');
export const fixedInstant = '2026-03-02T08:30:00.000000Z';

export function fixedDevice(persona: string): Device {
  const device = new Device({
    folder: openPersona(personas, persona),
    world: makeWorld(1),
    commandsFor,
    hostNow: () => fixedNow,
  });
  layOutFiles(device);
  return device;
}

async function run(device: Device, command: string): Promise<RunOutcome> {
  const said: Record<'stdout' | 'stderr', Buffer[]> = { stdout: [], stderr: [] };
  const second = device.hasFeature('shell_v2');
  const take = (to: 'stdout' | 'stderr') => (data: string | Uint8Array) => {
    const bytes = Buffer.from(data as Uint8Array);
    // Without shell v2 both come over one terminal.
    said[second ? to : 'stdout'].push(device.persona.crlf ? terminalBytes(bytes) : bytes);
    return Promise.resolve(true);
  };
  const exitCode = await runLine(command, {
    device,
    root: device.adbdIsRoot,
    io: { out: take('stdout'), err: take('stderr'), onInput: () => undefined, onGone: () => undefined, gone: false },
  });
  return {
    ok: true,
    value: {
      stdout: Buffer.concat(said.stdout),
      stderr: Buffer.concat(said.stderr),
      exitCode: second ? exitCode : null,
      durationMs: 1,
      startedAt: fixedInstant,
      endedAt: fixedInstant,
      protocol: second ? 'shell-v2' : 'shell-v1',
      truncatedAtBytes: null,
    },
  };
}

/** The link of an acquisition straight to a simulated device, without adb and without time: what it says is the same every day. */
export function deviceLink(device: Device): AcquisitionLink {
  return {
    serial: device.persona.id,
    features: new Set(device.persona.features),
    run: async (command, options = {}) => {
      const outcome = await run(device, command);
      if (!outcome.ok) return outcome;
      await options.onStdout?.(outcome.value.stdout);
      const kept = options.keepStdout === false ? Buffer.alloc(0) : outcome.value.stdout;
      return { ok: true, value: { ...outcome.value, stdout: kept } };
    },
    stat: (path) => {
      const node = device.files.stat(path);
      if (node === null) return Promise.resolve(fail('NOT_FOUND'));
      const { mode, uid, gid, modifiedAt } = node;
      const about = { mode, uid, gid, modifiedSecondsAtHandset: modifiedAt, errno: 0, sizeIs32Bit: false };
      return Promise.resolve(ok({ ...about, sizeBytes: sizeOf(node) }));
    },
    pull: async (path, onChunk) => {
      const node = device.files.stat(path);
      if (node === null) return { ...fail('NOT_FOUND'), partial: null };
      const bytes = node.content();
      await onChunk(bytes);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const value = { bytes: bytes.length, sha256, startedAt: fixedInstant, endedAt: fixedInstant };
      return { ok: true, value: { ...value, truncatedAtBytes: null } };
    },
    look: () =>
      Promise.resolve(
        ok({
          serial: device.persona.id,
          state: 'device',
          rawState: 'device',
          transport: 'tcp',
          model: null,
          product: null,
          transportId: '1',
          advice: 'advice.device',
        }),
      ),
  };
}
