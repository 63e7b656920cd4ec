import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';

it('the kernel that is loaded is the one that its sources give (npm run kernel)', () => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/kernel.mjs', '--check'], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBe(0);
});
