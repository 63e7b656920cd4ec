import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { manyApps } from './fake-host/fixture-snapshot.ts';
import { buildWindowWithFakeHost } from './harness/build-window.ts';
import { answerOpenDialog, launch } from './harness/launch.ts';
import type { Launched } from './harness/launch.ts';
import { goTo, speak } from './harness/screens.ts';
import type { Catalogue } from './harness/screens.ts';
import { showScreen } from './harness/show-screen.ts';

let folder = '';
let started: Launched;
let page: Page;
let words: Catalogue;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-snapshot-'));
  await buildWindowWithFakeHost(join(folder, 'application'));
  started = await launch({ application: join(folder, 'application') });
  page = started.page;
  words = await speak(page, 'en');
  await answerOpenDialog(started.app, [join(folder, 'a.handsight')]);
  await page.getByRole('button', { name: words['ui.start.open'], exact: true }).click();
  await goTo(page, words['ui.nav.acquisition']);
  await page.getByRole('tab', { name: words['ui.acquisition.tab-snapshot'] }).click();
});
test.afterAll(async () => {
  await started.close();
  rmSync(folder, { recursive: true, force: true });
});

test('five thousand apps: only those in sight exist, keys go to the end, and one opens with what its rows mean', async () => {
  const grid = page.getByRole('grid', { name: words['ui.snapshot.subject-apps'] });
  await expect(grid).toHaveAttribute('aria-rowcount', String(manyApps + 1));
  await expect(page.getByText('ro.miui.ui.version.name = V5')).toBeVisible();
  const row = (at: number) => grid.locator(`[data-index="${at}"]`);
  await row(0).focus();
  await page.keyboard.press('End');
  await expect(row(199)).toBeFocused();
  // The next pages are asked for as the end comes near.
  await expect.poll(() => grid.locator('[data-index]').last().getAttribute('data-index')).not.toBe('199');
  expect(await grid.locator('[data-index]').count()).toBeLessThan(80);
  await page.keyboard.press('Home');
  await expect(row(0)).toBeFocused();
  await page.keyboard.press('Enter');
  const detail = page.getByRole('region', { name: 'com.example.app0000' });
  await expect(detail.getByText('MIUI analytics')).toBeVisible();
  await expect(detail.getByText('may start by itself (MIUI autostart)')).toBeVisible();
  await expect(detail.getByText(/^1 of 601 are shown/)).toBeHidden();
  await detail.getByText(words['ui.snapshot.section-permission'], { exact: false }).first().click();
  await expect(detail.getByText(/^1 of 601 are shown/)).toBeVisible();
  await showScreen(page, 'snapshot', {
    given: [
      /com\.example\./,
      /MIUI/,
      /^ro\./,
      'read the contacts',
      /^may start/,
      /https:/,
      /android\.permission/,
      /AUTO_START/,
    ],
  });
  await detail.getByRole('button', { name: words['ui.close'] }).click();
});

test('the search narrows the list; settings show what they mean and keep what a handset says as text', async () => {
  await page.getByRole('textbox', { name: words['ui.filter.text'] }).fill('app0042');
  const apps = page.getByRole('grid', { name: words['ui.snapshot.subject-apps'] });
  await expect(apps).toHaveAttribute('aria-rowcount', '2');
  await page.getByRole('textbox', { name: words['ui.filter.text'] }).fill('');
  await page.getByLabel(words['ui.snapshot.subject'], { exact: true }).selectOption('setting');
  const settings = page.getByRole('grid', { name: words['ui.snapshot.subject-setting'] });
  await expect(settings.getByText('USB debugging: on')).toBeVisible();
  await expect(settings.getByText('<img src=x onerror=alert(1)>')).toBeVisible();
  await settings.locator('[data-index="0"]').click();
  await expect(page.getByText('https://android.googlesource.com/Settings.java')).toBeVisible();
  await settings.locator('[data-index="1"]').click();
  await expect(page.getByText(words['ui.records.meaning-none'])).toBeVisible();
  expect(started.complaints).toEqual([]);
});
