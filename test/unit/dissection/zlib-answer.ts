import { createHash } from 'node:crypto';
import { constants, gunzipSync, inflateRawSync, inflateSync } from 'node:zlib';
import { inflateSmall, type SmallInflated, type Wrapping } from '../../../main/dissection/small-inflate.ts';

const undo = { gzip: gunzipSync, zlib: inflateSync, 'raw-deflate': inflateRawSync } as const;

/** What node:zlib makes of a stream: asked once for what there is of it, and once whether it is whole. */
export function zlibAnswer(wrapping: Wrapping, input: Uint8Array, history: Uint8Array): SmallInflated {
  const options = { info: true, ...(history.length === 0 ? {} : { dictionary: history }) } as const;
  const damaged = { end: 'damaged', bytes: new Uint8Array(0), consumed: 0 } as const;
  try {
    const part = undo[wrapping](input, { ...options, finishFlush: constants.Z_SYNC_FLUSH }) as unknown as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    const told = { bytes: Uint8Array.from(part.buffer), consumed: part.engine.bytesWritten };
    try {
      undo[wrapping](input, options);
      return { end: 'done', ...told };
    } catch (error) {
      return (error as { code?: unknown }).code === 'Z_BUF_ERROR' ? { end: 'cut', ...told } : damaged;
    }
  } catch {
    return damaged;
  }
}

/** Both answers in a form that says much when they differ. */
export function bothAnswers(
  wrapping: Wrapping,
  input: Uint8Array,
  history: Uint8Array = new Uint8Array(0),
): readonly [ours: unknown, zlibs: unknown] {
  const ours = inflateSmall(wrapping, input, history);
  const told = (answer: SmallInflated): unknown => ({
    ...answer,
    bytes: shown(answer.bytes, 'latin1'),
    length: answer.bytes.length,
    input: shown(input, 'hex'),
  });
  return [ours === null ? null : told(ours), told(zlibAnswer(wrapping, input, history))];
}

const shown = (b: Uint8Array, encoding: 'latin1' | 'hex'): string =>
  b.length < 2000 ? Buffer.from(b).toString(encoding) : createHash('sha256').update(b).digest('hex');
