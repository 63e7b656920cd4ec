import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { buildWindowWithFakeHost } from './harness/build-window.ts';
import { answerOpenDialog, launch } from './harness/launch.ts';
import type { Launched } from './harness/launch.ts';
import { goTo, speak } from './harness/screens.ts';

let application = '';
let started: Launched;
test.beforeAll(async () => {
  application = mkdtempSync(join(tmpdir(), 'handsight-second-clock-'));
  await buildWindowWithFakeHost(application);
  started = await launch({ application });
});
test.afterAll(async () => {
  await started.close();
  rmSync(application, { recursive: true, force: true });
});

test('packets stand on the workstation’s clock too, or it is said that nobody measured it; the record of use is on the timeline', async () => {
  const { page, app, complaints } = started;
  const words = await speak(page, 'en');
  await answerOpenDialog(app, ['/nowhere/2014-081.handsight']);
  await page.getByRole('button', { name: words['ui.start.open'], exact: true }).click();
  await goTo(page, words['ui.nav.findings']);
  const second = page.locator('dt', { hasText: words['ui.workstation.at'] }).locator('xpath=following-sibling::dd[1]');
  await page.getByRole('row').filter({ hasText: 'F0001' }).click();
  await expect(second).toContainText('2014-08-07 10:02:22.500 UTC');
  await expect(second).toContainText('± 7 ms');
  await page.getByRole('row').filter({ hasText: 'F0002' }).click();
  await expect(second).toHaveText(words['ui.workstation.none'] ?? '');
  await page.getByRole('button', { name: /^Flow \d+$/ }).click();
  await expect(second).toHaveText(words['ui.workstation.none'] ?? '');
  await goTo(page, words['ui.nav.traffic']);
  await page.getByText(words['ui.timeline.title'] ?? '', { exact: true }).scrollIntoViewIfNeeded();
  await page.getByLabel(words['ui.chart.as-table'] ?? '').check();
  const used = page.getByRole('row').filter({ hasText: 'com.android.provision.Terms' });
  await expect(used).toContainText(words['ui.event-kind.usage'] ?? '');
  await expect(used).toContainText('2014-08-07T18:04:00.000000+08:00');
  await expect(page.locator('.timeline-legend')).toContainText(words['ui.event-kind.usage'] ?? '');
  expect(complaints).toEqual([]);
});
