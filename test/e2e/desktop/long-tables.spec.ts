import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Locator, type Page } from '@playwright/test';
import { buildWindowWithFakeHost } from './harness/build-window.ts';
import { answerOpenDialog, launch } from './harness/launch.ts';
import type { Launched } from './harness/launch.ts';
import { goTo, speak } from './harness/screens.ts';

const count = 5_000_000;
let folder = '';
let started: Launched;
let page: Page;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-long-tables-'));
  await buildWindowWithFakeHost(join(folder, 'application'));
  started = await launch({ application: join(folder, 'application'), env: { FAKE_HOST_SCENARIO: 'many' } });
  page = started.page;
  const words = await speak(page, 'en');
  await answerOpenDialog(started.app, [join(folder, 'a.handsight')]);
  await page.getByRole('button', { name: words['ui.start.open'], exact: true }).click();
  await goTo(page, words['ui.nav.traffic']);
});
test.afterAll(async () => {
  await started.close();
  rmSync(folder, { recursive: true, force: true });
});

const row = (place: number): Locator => page.locator(`[data-place="${place}"]`);
/** The rows that are wholly or partly in sight, by place. */
const inSight = (): Promise<number[]> =>
  page.evaluate(() => {
    const view = document.querySelector('.table-scroll')?.getBoundingClientRect();
    return [...document.querySelectorAll<HTMLElement>('[data-place]')]
      .filter((one) => {
        const box = one.getBoundingClientRect();
        return view !== undefined && box.top >= view.top && box.bottom <= view.bottom;
      })
      .map((one) => Number(one.dataset['place']))
      .sort((a, b) => a - b);
  });

test('five million rows: keys go one by one, by the page, to the end and back', async () => {
  const grid = page.getByRole('grid');
  await expect(grid).toHaveAttribute('aria-rowcount', String(count + 1));
  await expect(row(0)).toHaveAttribute('aria-busy', 'false');
  await row(0).focus();
  await page.keyboard.press('ArrowDown');
  await expect(row(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(row(count - 1)).toBeFocused();
  await expect(row(count - 1)).toBeInViewport();
  await expect(row(count - 1)).toHaveAttribute('aria-busy', 'false');
  await expect(row(count - 1)).toHaveAttribute('aria-rowindex', String(count + 1));
  await page.keyboard.press('ArrowUp');
  await expect(row(count - 2)).toBeFocused();
  await page.keyboard.press('PageUp');
  const after = (await inSight())[0] ?? 0;
  expect(after).toBeLessThan(count - 2);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeVisible();
  await page.keyboard.press('Home');
  await expect(row(0)).toBeFocused();
  expect(await page.locator('[data-place]').count()).toBeLessThan(80);
  expect(started.complaints).toEqual([]);
});

test('five million rows: the bar reaches any place, the wheel moves row by row there, and no row is left out', async () => {
  const scroller = page.locator('.table-scroll');
  await scroller.evaluate((element) => {
    element.scrollTop = (element.scrollHeight - element.clientHeight) / 2;
  });
  await expect.poll(async () => (await inSight())[0] ?? 0).toBeGreaterThan(2_400_000);
  const before = await inSight();
  expect(before[0]).toBeLessThan(2_600_000);
  // Neighbours stand one below the other, without a hole.
  expect(before).toEqual(before.map((_place, i) => (before[0] ?? 0) + i));
  await expect(row(before[1] ?? 0)).toHaveAttribute('aria-busy', 'false');
  await scroller.hover();
  await page.mouse.wheel(0, 72);
  await expect.poll(async () => (await inSight())[0]).toBe((before[0] ?? 0) + 2);
  await page.mouse.wheel(0, -72);
  await expect.poll(async () => (await inSight())[0]).toBe(before[0]);
  // The last one is reached by the bar alone.
  await scroller.evaluate((element) => {
    element.scrollTop = element.scrollHeight;
  });
  await expect.poll(async () => (await inSight()).at(-1)).toBe(count - 1);
});

test('a filter is clicked, taken away, kept under a name and used again', async () => {
  const line = page.getByLabel('Filter', { exact: true });
  await page.getByRole('button', { name: 'Channel', exact: false }).first().click();
  await page.locator('.drop-panel .value').filter({ hasText: 'cleartext' }).click();
  await expect(line).toHaveValue('channel:cleartext');
  await expect(page.getByRole('grid')).not.toHaveAttribute('aria-rowcount', String(count + 1));
  await page.getByRole('button', { name: 'Saved filters' }).click();
  await page.getByLabel('Name for this filter').fill('in the clear');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('button', { name: 'in the clear', exact: true })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Remove channel:cleartext' }).click();
  await expect(line).toHaveValue('');
  await expect(page.getByRole('grid')).toHaveAttribute('aria-rowcount', String(count + 1));
  await page.getByRole('button', { name: 'Saved filters' }).click();
  await page.getByRole('button', { name: 'in the clear', exact: true }).click();
  await expect(line).toHaveValue('channel:cleartext');
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
});

test('a time is chosen on the timeline by dragging and by keys, and given back', async () => {
  const line = page.getByLabel('Filter', { exact: true });
  const picture = page.locator('.timeline-picture svg');
  await expect(picture).toBeVisible();
  const box = await picture.boundingBox();
  if (box === null) throw new Error('no timeline');
  await page.mouse.move(box.x + box.width * 0.25, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 4 });
  await page.mouse.up();
  await expect(line).toHaveValue(/^time:\S+Z\.\.\S+Z$/);
  const dragged = await line.inputValue();
  const from = page.getByRole('slider', { name: 'Beginning of the chosen time' });
  await from.focus();
  await page.keyboard.press('ArrowRight');
  await expect(line).not.toHaveValue(dragged);
  await expect(from).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(line).toHaveValue('');
  await page.getByLabel('Show as a table').check();
  await expect(page.getByRole('table').first()).toBeVisible();
  await page.getByLabel('Show as a table').uncheck();
});
