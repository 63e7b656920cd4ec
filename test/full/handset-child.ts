/**
 * Simulated handsets in a process of their own, so that what a test measures of its own memory is ours alone.
 * Says `{"addresses":[…]}` once they listen; ends with its standard input.
 */
import { fileURLToPath } from 'node:url';
import { startHandset } from '../handset-simulator/handset.ts';
import type { SimulatedHandset } from '../handset-simulator/handset.ts';

const personas = fileURLToPath(new URL('../personas', import.meta.url));

/** What the test asks for, as JSON in the first argument. */
export interface ChildWish {
  readonly persona: string;
  readonly handsets: number;
  /** Size of the sparse file /data/local/tmp/sparse; its last byte is 1, all others are 0. */
  readonly sparseBytes?: number;
  /** Names in the folder /data/local/tmp/many. */
  readonly names?: number;
  /** Files in /data/local/tmp. */
  readonly temporaryFiles?: number;
  /** Size of the file at `appPath`, in place of what lies there; sparse as above. */
  readonly appBytes?: number;
}

/** The base of the one app of `modern-rooted` whose code did not come with the system. */
export const appPath = '/data/app/~~c3ludGhldGlj==/jp.naver.line.android-ZGVtbw==/base.apk';

function putSparse({ device }: SimulatedHandset, path: string, size: number): void {
  const zeros = Buffer.alloc(64 * 1024);
  device.files.put(path, Buffer.alloc(0), {
    sizeBytes: size,
    part: (offset, length) => {
      const part = zeros.subarray(0, Math.max(0, Math.min(length, size - offset)));
      return part.length > 0 && offset + part.length === size ? Buffer.concat([part.subarray(1), Buffer.of(1)]) : part;
    },
  });
}

async function main(): Promise<void> {
  const wish = JSON.parse(process.argv[2] ?? '{}') as ChildWish;
  const names = Array.from({ length: wish.names ?? 0 }, (_, i) => `IMG_${String(i).padStart(6, '0')}.jpg`);
  const addresses: string[] = [];
  for (let at = 0; at < wish.handsets; at += 1) {
    const handset = await startHandset({
      personas,
      persona: wish.persona,
      approveAfterMs: 0,
      listings: names.length === 0 ? {} : { '/data/local/tmp/many': names },
    });
    if (wish.sparseBytes !== undefined) putSparse(handset, '/data/local/tmp/sparse', wish.sparseBytes);
    if (wish.appBytes !== undefined) putSparse(handset, appPath, wish.appBytes);
    const content = Buffer.from('x');
    for (let one = 0; one < (wish.temporaryFiles ?? 0); one += 1)
      handset.device.files.put(`/data/local/tmp/IMG_${String(one).padStart(6, '0')}.jpg`, content, { uid: 2000 });
    addresses.push(handset.address);
  }
  process.stdout.write(`${JSON.stringify({ addresses })}\n`);
  process.stdin.on('end', () => process.exit(0)).resume();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) void main();
