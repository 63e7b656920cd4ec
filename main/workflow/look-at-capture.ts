import { statSync } from 'node:fs';
import type { CaptureFormat, CaptureLook } from '../../shared/contract/imports.ts';
import type { Result } from '../../shared/model/problem.ts';
import { ok } from '../../shared/model/problem.ts';
import { CaptureFile } from '../dissection/capture-file.ts';
import { readCaptureBytes } from './capture-bytes.ts';
import { lookAtKeyLog } from './import-key-log.ts';
import { instantOfUs } from './instants.ts';
import { readProblem } from './read-problem.ts';

/** Looks at the first block of a file: what it is, and when its first packet was. Problems: those of reading it. */
export async function lookAtCapture(path: string): Promise<Result<CaptureLook>> {
  let firstUs: number | null = null;
  const capture = new CaptureFile({
    packet: (_bytes, _start, _end, _wireLength, _linkType, us) => {
      if (firstUs === null && !Number.isNaN(us)) firstUs = us;
    },
    numberedRecord: () => undefined,
    fileFault: () => undefined,
  });
  let seen = false;
  try {
    const { size } = statSync(path);
    const read = await readCaptureBytes(path, {
      onBlock: (block) => {
        if (firstUs === null) capture.push(block);
      },
      onProgress: () => {
        seen = true;
      },
      cancelled: () => seen,
    });
    const format: CaptureFormat =
      read.compression ?? capture.formatName ?? (lookAtKeyLog(path).ok ? 'key-log' : 'unknown');
    return ok({ bytes: size, format, firstPacketAt: firstUs === null ? null : instantOfUs(firstUs) });
  } catch (error) {
    return readProblem(error, path);
  }
}
