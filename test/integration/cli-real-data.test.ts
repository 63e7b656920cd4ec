import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import { jsonLines, openCliBench } from './cli-bench.ts';
import type { CliBench } from './cli-bench.ts';

const data = process.env['HANDSIGHT_REAL_DATA'] ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));
const folder = join(data, 'captures');
const present = existsSync(join(folder, 'truth.json'));

interface Truth {
  readonly file: string;
  readonly sha256: string;
  readonly readerStopsEarly?: boolean;
  readonly truth: { readonly packets: number };
}

/** tshark guesses another record header in it, which gives one packet of 1 byte more. */
const guessed = new Set(['suricata-verify__bug-6875-01__fuzz.pcap']);

let bench: CliBench;
beforeAll(() => {
  bench = openCliBench();
});
afterAll(() => bench.close());

describe('real captures that nobody here wrote', () => {
  test(
    'all of them in one case: exit 4 with the damaged ones listed, the rest whole',
    { timeout: 600_000 },
    async ({ skip }) => {
      if (!present) skip(`HANDSIGHT_REAL_DATA: no captures in ${folder}`);
      const truths = readTruths();
      const files = readdirSync(folder)
        .filter((name) => name !== 'truth.json')
        .toSorted();
      expect(files.length).toBe(truths.length);
      const directory = await bench.newCase('real.handsight');
      const paths = files.map((name) => join(folder, name));
      const imported = await bench.run(['import', directory, ...paths, '--handset', 'H1', '--label', 'real', '--json']);
      expect(imported.code, imported.stderr.slice(-2000)).toBe(4);
      const exhibits = jsonLines(imported.stdout) as unknown as Exhibit[];
      expect(exhibits.map((one) => one.originalName)).toEqual(files);
      const analysed = await bench.run(['analyse', directory, '--json']);
      expect(analysed.code, analysed.stderr.slice(-2000)).toBe(4);
      const [summary] = jsonLines(analysed.stdout);
      expect(summary).toMatchObject({ rebuilt: true, exhibits: truths.length });
      expect(Number(summary?.['flows'])).toBeGreaterThan(400);
      const read = jsonLines((await bench.must(['exhibits', directory, '--json'])).stdout) as unknown as Exhibit[];
      const wrong: string[] = [];
      for (const { file, sha256, readerStopsEarly, truth } of truths) {
        const exhibit = read.find((one) => one.originalName === file);
        expect(exhibit?.sha256, file).toBe(sha256);
        if (exhibit === undefined) continue;
        // A fault is said on the way in, on a line of its own that names the exhibit.
        const listed = imported.stderr.split('\n').some((line) => line.startsWith(`${exhibit.id} `));
        expect(listed, file).toBe(exhibit.fault !== null);
        if (readerStopsEarly === true && exhibit.fault === null) wrong.push(`${file}: no fault said`);
        const uncounted = truth.packets === 0 && exhibit.fault?.startsWith('unknown-link-type') === true;
        if (exhibit.packets === truth.packets || uncounted || guessed.has(file)) continue;
        wrong.push(`${file}: ${exhibit.packets} packets instead of ${truth.packets}`);
      }
      expect(wrong).toEqual([]);
      expect((await bench.run(['verify', directory])).code).toBe(0);
      const again = await bench.run(['analyse', directory, '--lang', 'zh-Hant']);
      expect(again.code).toBe(4);
    },
  );
});

function readTruths(): Truth[] {
  return JSON.parse(readFileSync(join(folder, 'truth.json'), 'utf8')) as Truth[];
}
