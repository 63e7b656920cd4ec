import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { SimulatedHandset } from '../../handset-simulator/handset.ts';
import { writeCaptures } from '../../traffic-generator/index.ts';
import { checkout } from './harness/build-window.ts';
import {
  addToCase,
  attach,
  expectTask,
  openTab,
  plugIn,
  sendDatagrams,
  startAcquisition,
  startCapture,
  world,
} from './harness/laboratory.ts';
import { answerOpenDialog, answerSaveDialog, launch, type Launched } from './harness/launch.ts';
import { clearDock, goTo, speak, type Catalogue } from './harness/screens.ts';

// One examination from the first cable to the paper: the built program, the real adb server, a simulated handset.
test.describe.configure({ mode: 'serial' });

const ended = ['ui.task-status.done', 'ui.task-status.done-with-gaps'] as const;
let launched: Launched;
let words: Catalogue;
let folder: string;
let handset: SimulatedHandset;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'handsight-workflow-'));
  launched = await launch({ application: checkout });
  words = await speak(launched.page, 'en');
  handset = await plugIn('modern-rooted');
});

test.afterAll(async () => {
  await launched.close();
  await handset.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a new case, where the person wants it', async () => {
  const { app, page } = launched;
  const directory = join(folder, 'O’Neil 案件 one.handsight');
  await answerSaveDialog(app, directory);
  await page.getByRole('button', { name: words['ui.start.new'], exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words['ui.new-case.number'], { exact: true }).fill('2026-007');
  await dialog.getByLabel(words['ui.new-case.name'], { exact: true }).fill('Window workflow');
  await dialog.getByLabel(words['ui.new-case.examiner'], { exact: true }).fill('Lin Chia-hao');
  await dialog.getByRole('button', { name: words['ui.new-case.create'], exact: true }).click();
  await page.getByRole('heading', { level: 1, name: words['ui.nav.case'], exact: true }).waitFor();
  expect(existsSync(join(directory, 'case.sqlite'))).toBe(true);
  await expect(page.getByText(words['ui.banner.synthetic'], { exact: true })).toHaveCount(0);
});

test('plug in, name, acquire', async () => {
  const { page } = launched;
  await attach(page, words, handset);
  await addToCase(page, words, handset, 'Rooted handset, exhibit A');
  await startAcquisition(page, words, 'before');
  await expect(page.getByRole('region', { name: words['ui.acquire.running'], exact: true })).toBeVisible();
  await expectTask(page, words, 'ui.task-kind.acquisition', ended);
  const past = page.getByRole('region', { name: words['ui.past.title'], exact: true });
  await past.getByRole('button', { name: words['ui.past.show'], exact: true }).click();
  await expect(past.getByText(words['ui.outcome.read'], { exact: true }).first()).toBeVisible();
  await clearDock(page, words);
});

test('capture live, with the packets that were sent', async () => {
  const { page } = launched;
  await startCapture(page, words, 'before', 'R1');
  const packets = page.locator('.counts li', { hasText: words['ui.capture-count.packets'] }).locator('strong');
  await expect(packets).not.toHaveText(/^[0—]$/, { timeout: 30_000 });
  await sendDatagrams(handset, 120);
  await expect
    .poll(async () => Number((await packets.innerText()).replaceAll(',', '')), { timeout: 30_000 })
    .toBeGreaterThanOrEqual(120);
  await page.getByRole('button', { name: words['ui.capture.stop'], exact: true }).click();
  await expect(page.getByText(words['ui.capture-end.complete'], { exact: true })).toBeVisible({ timeout: 60_000 });
  await clearDock(page, words);
});

test('import a gateway capture, type in what the label says, analyse, decide', async () => {
  const { app, page } = launched;
  const captures = writeCaptures(world, join(folder, 'captures'));
  const before = captures.find((capture) => capture.run === 'R1');
  if (before === undefined) throw new Error('the generator has no run R1');

  await goTo(page, words['ui.nav.handset']);
  await page.getByRole('tab', { name: words['ui.handset.tab-case'], exact: true }).click();
  await page.getByRole('button', { name: words['ui.case-handsets.add'], exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words['ui.add-handset.label'], { exact: true }).fill('Redmi 1S, exhibit B');
  await dialog.getByRole('button', { name: words['ui.add-handset.add'], exact: true }).click();
  await expect(page.getByRole('cell', { name: 'Redmi 1S, exhibit B' })).toBeVisible();

  await page.getByRole('tab', { name: words['ui.handset.tab-identifiers'], exact: true }).click();
  await page.getByRole('combobox', { name: words['ui.column.handset'], exact: true }).selectOption('H2');
  const value = page.getByLabel(words['ui.identifiers.value'], { exact: true });
  const add = page.getByRole('button', { name: words['ui.identifiers.add'], exact: true });
  await page.getByLabel(words['ui.identifiers.source'], { exact: true }).fill('label');
  await value.fill('1234');
  await expect(page.locator('.hint-wrong')).toBeVisible();
  await expect(add).toBeDisabled();
  await value.fill(world.handsets.H1.imei);
  await expect(page.locator('.hint-wrong')).toHaveCount(0);
  await add.click();
  await expect(page.getByRole('cell', { name: world.handsets.H1.imei, exact: true })).toBeVisible();

  await openTab(page, words, 'ui.acquisition.tab-import');
  await answerOpenDialog(app, [before.path]);
  await page.getByRole('button', { name: words['ui.import.choose'], exact: true }).click();
  await expect(page.getByRole('cell', { name: 'R1-gateway.pcap', exact: true })).toBeVisible();
  await page.getByRole('combobox', { name: words['ui.run.handset'], exact: true }).selectOption('H2');
  await page.getByLabel(words['ui.run.label'], { exact: true }).fill('redmi-before');
  await page.getByLabel(words['ui.run.run'], { exact: true }).fill('R9');
  await page.getByRole('button', { name: 'Import 1 file', exact: true }).click();
  await expectTask(page, words, 'ui.task-kind.import', ended);
  await clearDock(page, words);

  await goTo(page, words['ui.nav.findings']);
  await page.getByRole('button', { name: words['ui.analysis.start'], exact: true }).first().click();
  await expectTask(page, words, 'ui.task-kind.analysis', ended);
  await clearDock(page, words);
  await page.getByRole('combobox', { name: words['ui.column.label'], exact: true }).selectOption('redmi-before');
  await page.getByRole('combobox', { name: words['ui.column.identifier'], exact: true }).selectOption('imei');
  await page.getByRole('row').nth(1).click();
  await expect(page.locator('.bytes mark').first()).toBeVisible();
  await expect(page.locator('.path-first')).toHaveText('IMEI');
  await page.getByLabel(words['ui.decide.reason'], { exact: true }).fill('Seen in the capture at the named frame.');
  await page.getByRole('button', { name: words['ui.decide.confirm'], exact: true }).click();
  await expect(page.locator('.decisions')).toContainText('Seen in the capture at the named frame.');
  await expect(page.locator('.decisions')).toContainText('Lin Chia-hao');
});

test('acquire again after a change, and compare', async () => {
  const { page } = launched;
  handset.addOverride({ match: /^settings list system/, stdout: 'mx_used=0\nhandsight_probe=after\n' });
  await startAcquisition(page, words, 'after');
  await expectTask(page, words, 'ui.task-kind.acquisition', ended);
  await clearDock(page, words);
  await goTo(page, words['ui.nav.case']);
  await page.getByRole('button', { name: words['ui.analysis.start'], exact: true }).click();
  await expectTask(page, words, 'ui.task-kind.analysis', ended);
  await clearDock(page, words);
  await goTo(page, words['ui.nav.comparison']);
  await page.getByRole('combobox', { name: words['ui.compare.before'], exact: true }).selectOption('before');
  await page.getByRole('combobox', { name: words['ui.compare.after'], exact: true }).selectOption('after');
  const settings = page.locator('.change-group', { hasText: words['ui.change-kind.setting'] });
  await expect(settings).toContainText('system/handsight_probe');
});

for (const language of ['en', 'zh-Hant'] as const) {
  test(`the report as PDF in ${language}, with the finding and the decision`, async () => {
    const { app, page } = launched;
    const pdf = join(folder, `report ${language}.pdf`);
    await answerSaveDialog(app, pdf);
    await goTo(page, words['ui.nav.report']);
    await page.getByRole('combobox', { name: words['ui.report.language'], exact: true }).selectOption(language);
    await page.getByRole('button', { name: words['ui.report.export'], exact: true }).click();
    await expect(page.locator('.written').getByText(`report ${language}.pdf`)).toBeVisible({ timeout: 120_000 });
    await clearDock(page, words);
    const text = execFileSync('pdftotext', ['-layout', pdf, '-'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
    expect(text).toContain('2026-007');
    expect(text).toMatch(/F\d{4}/);
    expect(text).toContain('Seen in the capture at the named frame.');
    expect(/[\u4e00-\u9fff]{4}/.test(text)).toBe(language === 'zh-Hant');
    // The program's own font is embedded, not whatever the system had.
    const fonts = execFileSync('pdffonts', [pdf], { encoding: 'utf8' });
    expect(fonts).toMatch(/NotoSansTC\S* +CID TrueType +Identity-H +yes yes yes/);
  });
}

test('the cable pulled in the middle of an acquisition: kept, recorded, and the next attempt works', async () => {
  const { page } = launched;
  handset.addFault({ service: 'dumpsys package', afterBytes: 2000, action: 'unplug' });
  await startAcquisition(page, words, 'pulled');
  const past = page.getByRole('region', { name: words['ui.past.title'], exact: true });
  const pulled = past.getByRole('row', { name: /pulled/ });
  await expect(pulled).toContainText(words['ui.acquisition-outcome.interrupted'], { timeout: 120_000 });
  await pulled.getByRole('button', { name: words['ui.past.show'], exact: true }).click();
  await expect(past.getByText(words['ui.outcome.read'], { exact: true }).first()).toBeVisible();
  await expect(past.getByText(words['ui.outcome.interrupted'], { exact: true }).first()).toBeVisible();
  await clearDock(page, words);
  await handset.replug();
  await attach(page, words, handset);
  await startAcquisition(page, words, 'again');
  await expectTask(page, words, 'ui.task-kind.acquisition', ended);
  await clearDock(page, words);
});

test('the cable pulled in the middle of a capture: kept, recorded, and the next attempt works', async () => {
  const { page } = launched;
  await startCapture(page, words, 'pulled', 'R2');
  const packets = page.locator('.counts li', { hasText: words['ui.capture-count.packets'] }).locator('strong');
  await expect(packets).not.toHaveText(/^[0—]$/, { timeout: 30_000 });
  await sendDatagrams(handset, 60);
  await handset.unplug();
  await expectTask(page, words, 'ui.task-kind.capture', ['ui.task-status.done-with-gaps', 'ui.task-status.failed']);
  await clearDock(page, words);
  await openTab(page, words, 'ui.acquisition.tab-exhibits');
  await page.getByRole('combobox', { name: words['ui.column.label'], exact: true }).selectOption('pulled');
  await page.getByRole('combobox', { name: words['ui.column.kind'], exact: true }).selectOption('capture');
  await expect(page.getByRole('row').nth(1)).toContainText(words['ui.outcome.interrupted']);
  await handset.replug();
  await attach(page, words, handset);
  await startCapture(page, words, 'again', 'R3');
  await sendDatagrams(handset, 60);
  await page.getByRole('button', { name: words['ui.capture.stop'], exact: true }).click();
  await expect(page.getByText(words['ui.capture-end.complete'], { exact: true })).toBeVisible({ timeout: 60_000 });
});

test('what was done verifies, and the page’s policy was not violated on the way', async () => {
  const { page } = launched;
  await goTo(page, words['ui.nav.custody']);
  await page.getByRole('button', { name: words['ui.custody.verify'], exact: true }).click();
  await expect(page.getByText(words['ui.custody.ok'], { exact: true })).toBeVisible({ timeout: 60_000 });
  expect(launched.complaints).toEqual([]);
});
