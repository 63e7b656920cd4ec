import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { answerOpenDialog } from './harness/launch.ts';
import { makeCase } from './harness/make-case.ts';
import { showScreen } from './harness/show-screen.ts';
import { words } from './harness/words.ts';
import { goTo, makeWorkstation, panel, type Started, type Workstation } from './harness/workstation.ts';

// What a handset printed elsewhere: proposed by its look, taken in once a person says what it is, read as if acquired here.
test.describe.configure({ mode: 'serial' });

const say = words.en;
let desk: Workstation;
let started: Started;
let page: Page;

test.beforeAll(async () => {
  desk = makeWorkstation();
  started = await desk.start();
  page = started.page;
  await makeCase(started, desk, '2026-004');
  await goTo(page, 'handset');
  await page.getByRole('tab', { name: say('ui.handset.tab-case'), exact: true }).click();
  await page.getByRole('button', { name: say('ui.case-handsets.add'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('ui.add-handset.label'), { exact: true }).fill('Redmi 紅米');
  await dialog.getByRole('button', { name: say('ui.add-handset.add'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
});

test.afterAll(async () => {
  await started.close();
  desk.remove();
});

test('a text is proposed, confirmed and taken in with its provenance', async () => {
  const file = join(desk.folder, 'collected.txt');
  writeFileSync(file, '[ro.product.model]: [HM 1S]\n[ro.build.version.release]: [4.3]\n');
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-import'), exact: true }).click();
  await answerOpenDialog(started.app, [file]);
  await page.getByRole('button', { name: say('ui.output.choose'), exact: true }).click();
  const form = panel(page, say('ui.output.title'));
  await expect(form.getByLabel(say('ui.output.what'), { exact: true })).toHaveValue('getprop');
  await expect(form).toContainText(say('ui.output.by.content'));
  const start = form.getByRole('button', { name: say('ui.output.start'), exact: true });
  // Nothing is taken in before it is said whose it is and under which label.
  await expect(start).toBeDisabled();
  await form.getByLabel(say('ui.run.label'), { exact: true }).fill('before');
  await form.getByLabel(say('ui.output.taken-at'), { exact: true }).fill('yesterday');
  await expect(form).toContainText(say('ui.output.taken-at-wrong'));
  await expect(start).toBeDisabled();
  await form.getByLabel(say('ui.output.taken-at'), { exact: true }).fill('2026-01-02 08:00');
  await showScreen(page, 'import-output', {
    given: ['collected.txt', 'getprop', /^H1 /, 'before', /before 或 after/, /dumpsys/],
  });
  await start.click();
  const running = panel(page, say('ui.import.running'));
  await expect(running).toContainText(say('ui.output.done', { acquisition: 'A1', exhibits: 1 }), { timeout: 60_000 });
  await page.getByRole('tab', { name: say('ui.acquisition.tab-exhibits'), exact: true }).click();
  await page.locator('main').getByText('collected.txt').first().click();
  const detail = panel(page, 'E001');
  await expect(detail).toContainText(say('ui.output.said-by.person'));
  await expect(detail).toContainText('2026-01-02');
});

test('a photo of the label is attached, shown, and named by a typed value', async () => {
  const photo = join(desk.folder, 'label.png');
  const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
  writeFileSync(photo, Buffer.from(png, 'base64'));
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-import'), exact: true }).click();
  await answerOpenDialog(started.app, [photo]);
  await page.getByRole('button', { name: say('ui.attach.choose'), exact: true }).click();
  const form = panel(page, say('ui.attach.title'));
  await form.getByLabel(say('ui.attach.note'), { exact: true }).fill('標籤');
  await form.scrollIntoViewIfNeeded();
  await showScreen(page, 'attach', { given: ['label.png', /^H1 /, '標籤', /dumpsys/] });
  await form.getByRole('button', { name: say('ui.attach.start', { count: 1 }), exact: true }).click();
  await expect(panel(page, say('ui.import.running'))).toContainText(say('ui.attach.done', { exhibits: 'E002' }), {
    timeout: 60_000,
  });
  await goTo(page, 'handset');
  await page.getByRole('tab', { name: say('ui.handset.tab-identifiers'), exact: true }).click();
  const main = page.locator('main');
  await main.getByLabel(say('ui.identifiers.value'), { exact: true }).fill('865903020000005');
  await main.getByLabel(say('ui.identifiers.source'), { exact: true }).fill('label');
  await main.getByLabel(say('ui.identifiers.photo'), { exact: true }).selectOption('E002');
  await main.getByRole('button', { name: say('ui.identifiers.add'), exact: true }).click();
  // The number of the photo in the list is the way to it, and the photo is seen there.
  await main.getByRole('button', { name: 'E002', exact: true }).click();
  const picture = panel(page, 'E002').getByRole('img');
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((one: HTMLImageElement) => one.naturalWidth)).toBe(1);
});

test('a folder of androidqf is chosen by the dialog, packed, and read as if acquired here', async () => {
  const folder = join(desk.folder, 'qf-2026');
  mkdirSync(join(folder, 'logs'), { recursive: true });
  writeFileSync(join(folder, 'acquisition.json'), JSON.stringify({ uuid: 'a', androidqf_version: '1.7' }));
  writeFileSync(join(folder, 'getprop.txt'), '[ro.product.model]: [HM 1S]\n');
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-import'), exact: true }).click();
  await answerOpenDialog(started.app, [folder]);
  await page.getByRole('button', { name: say('ui.output.choose-folder'), exact: true }).click();
  const form = panel(page, say('ui.output.title'));
  await expect(form).toContainText('qf-2026');
  await expect(form).toContainText(say('ui.output.confirm-folder'));
  await form.getByLabel(say('ui.run.label'), { exact: true }).fill('folder');
  await showScreen(page, 'import-folder', {
    given: ['qf-2026', 'androidqf', /^H1 /, 'folder', /before 或 after/, /dumpsys/],
  });
  await form.getByRole('button', { name: say('ui.output.start'), exact: true }).click();
  const running = panel(page, say('ui.import.running'));
  await expect(running).toContainText(say('ui.output.done', { acquisition: 'A2', exhibits: 3 }), { timeout: 60_000 });
});
