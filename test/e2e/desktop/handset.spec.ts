import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { makeWorld } from '../../demo-world/world.ts';
import type { SimulatedHandset } from '../../handset-simulator/handset.ts';
import { writeCaptures, type GatewayCapture } from '../../traffic-generator/index.ts';
import { cableSerial, layHandset, plugInto } from './harness/desk-handsets.ts';
import { answerOpenDialog, answerSaveDialog } from './harness/launch.ts';
import {
  acquisitionRow,
  adbServerOf,
  addToCase,
  connectAddress,
  disconnectAddress,
  fillRun,
  handsetCard,
  makeCase,
  putAwayTasks,
  startAcquisition,
} from './harness/make-case.ts';
import { captureForbidden } from './harness/tcpdump.ts';
import { showScreen as showAnyScreen } from './harness/show-screen.ts';
import { words } from './harness/words.ts';
import { goTo, makeWorkstation, panel, type Started, type Workstation } from './harness/workstation.ts';

// Plug in, acquire, import, capture live, analyse, compare, decide, export: a case of one's own in the real Electron, with
// simulated handsets behind the real adb server.
test.describe.configure({ mode: 'serial' });

const say = words.en;
let desk: Workstation;
const laid: SimulatedHandset[] = [];
let captures: readonly GatewayCapture[] = [];
let before: SimulatedHandset;
let after: SimulatedHandset;
let locked: SimulatedHandset;
let rooted: SimulatedHandset;
let rootedSerial = '';
let started: Started;
let page: Page;

/** What the test's «person» wrote, and names of handsets. */
const given = [/^Handset complaint/, /Lin Mei-hua/, /^Redmi|^Mi |^HM /, /「before」/, /例如 before/, /^設定（/];
const showScreen = async (name: string): Promise<void> => showAnyScreen(page, name, { given });

test.beforeAll(async () => {
  desk = makeWorkstation();
  const world = makeWorld(7);
  captures = writeCaptures(world, join(desk.folder, 'gateway'));
  before = await layHandset('founding-before', { world, run: 'R1' });
  after = await layHandset('founding-after', { world, run: 'R4' });
  locked = await layHandset('modern-locked', { world });
  rooted = await layHandset('modern-rooted', { world });
  laid.push(before, after, locked, rooted);
  started = await desk.start();
  page = started.page;
});

test.afterAll(async () => {
  await started.close();
  await Promise.all(laid.map((handset) => handset.close()));
  desk.remove();
});

test('a new case, in the folder that the dialog named', async () => {
  const folder = await makeCase(started, desk, 'NCC-2014-7');
  await expect(page.locator('main')).toContainText(folder);
  await expect(page.locator('main')).toContainText('Handset complaint 台北 "1"');
  await goTo(page, 'acquisition');
  await expect(page.locator('main')).toContainText(say('ui.needs.case-handset'));
});

test('a handset that asks first: what to do is said, and it is ready once the person allowed it', async () => {
  await connectAddress(page, locked.address);
  const card = handsetCard(page, locked.address);
  await expect(card).toContainText(say('ui.handset-state.unauthorized'));
  await expect(card).toContainText(say('advice.unauthorized'));
  await showScreen('handset-unauthorized');
  locked.authorise();
  await expect(card).toContainText(say('ui.handset-state.device'), { timeout: 20_000 });
  await expect(card).toContainText(say('advice.device'));
  await disconnectAddress(page, locked.address);
});

test('a handset that is plugged in appears by itself', async () => {
  const server = await adbServerOf(page);
  rootedSerial = cableSerial(rooted);
  await plugInto(server, rooted);
  await expect(handsetCard(page, rootedSerial)).toContainText(say('ui.handset-state.device'), { timeout: 5000 });
  await addToCase(page, rootedSerial, 'Redmi Note 12 Turbo, seal 7');
  await expect(handsetCard(page, rootedSerial)).toContainText(say('ui.handset.acquire'));
  await connectAddress(page, before.address);
  await addToCase(page, before.address, 'Redmi 1S, seal 12');
  await showScreen('handset');
});

test('the plan asks the chosen handset for its release, and says whether it will be changed', async () => {
  await goTo(page, 'acquisition');
  const form = panel(page, say('ui.acquire.title'));
  await fillRun(page, { serial: rootedSerial, handset: 'H1', label: 'before', run: 'R1' });
  await expect(form).toContainText(say('ui.plan.only-reads'), { timeout: 20_000 });
  await fillRun(page, { serial: before.address, handset: 'H2', label: 'before', run: 'R1' });
  await expect(form).toContainText(say('ui.plan.some-change'), { timeout: 20_000 });
  await expect(form).toContainText(say('ui.plan.changes-how', { release: '4.3' }));
  await showScreen('acquisition-plan');
});

test('an acquisition shows each collector while it runs, and its outcome afterwards', async () => {
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    go = resolve;
  });
  before.addOverride({ match: /^dumpsys dropbox/, after: held, stdout: '' });
  await startAcquisition(page, { serial: before.address, handset: 'H2', label: 'before', run: 'R1' }, 'standard');
  const running = panel(page, say('ui.acquire.running')).filter({ hasText: before.address });
  await expect(running.getByRole('progressbar')).toBeVisible();
  await expect
    .poll(() => before.log.some((service) => service.includes('dumpsys dropbox')), { timeout: 60_000 })
    .toBe(true);
  // What came of each that ended, while the rest is still asked; and why nothing moves now.
  await expect(running.locator('.collector-read').first()).toBeVisible();
  await expect(running.locator('.collector-done')).toHaveCount(0);
  await expect(running).toContainText(/no output for \d+ s: waiting for dumpsys dropbox/, { timeout: 20_000 });
  await expect(running.locator('.collector-running')).toHaveCount(1);
  await expect(running.locator('.collector-waiting').first()).toBeVisible();
  await showScreen('acquisition-progress');
  // A second handset, while the first one still answers.
  await startAcquisition(page, { serial: rootedSerial, handset: 'H1', label: 'beside', run: 'L0' }, 'quick');
  await expect(panel(page, say('ui.acquire.running'))).toHaveCount(2);
  await expect(acquisitionRow(page, 'beside')).toContainText(/complete/, { timeout: 90_000 });
  await expect(running.locator('.collector-running')).toHaveCount(1);
  go();
  await expect(acquisitionRow(page, 'before')).toContainText(/complete/, { timeout: 90_000 });
  await acquisitionRow(page, 'before')
    .getByRole('button', { name: say('ui.past.show') })
    .click();
  const results = page.getByRole('table', { name: say('ui.results.caption', { acquisition: 'A1' }) });
  await expect(
    results
      .getByRole('row')
      .filter({ hasText: say('ui.outcome.read') })
      .first(),
  ).toBeVisible();
  await putAwayTasks(page);
  await showScreen('acquisition');
});

test('the state after, and the rooted one', async () => {
  await connectAddress(page, after.address);
  await startAcquisition(page, { serial: after.address, handset: 'H2', label: 'after', run: 'R4' }, 'standard');
  await expect(acquisitionRow(page, 'after')).toContainText(/complete/, { timeout: 90_000 });
  await startAcquisition(page, { serial: rootedSerial, handset: 'H1', label: 'live', run: 'L1' }, 'quick');
  await expect(acquisitionRow(page, 'live')).toContainText(/complete/, { timeout: 90_000 });
  await putAwayTasks(page);
});

test('what the label says is typed in, checked, and set against what the handset says', async () => {
  const { imei } = makeWorld(7).handsets.H1;
  await goTo(page, 'handset');
  await page.getByRole('tab', { name: say('ui.handset.tab-identifiers') }).click();
  const main = page.locator('main');
  await main.getByRole('combobox', { name: say('ui.column.handset'), exact: true }).selectOption('H2');
  await main.getByRole('combobox', { name: say('ui.identifiers.kind'), exact: true }).selectOption('imei');
  await main.getByLabel(say('ui.identifiers.source'), { exact: true }).fill('label');
  const value = main.getByLabel(say('ui.identifiers.value'), { exact: true });
  const add = main.getByRole('button', { name: say('ui.identifiers.add'), exact: true });
  // One digit misread: the check digit does not fit.
  const misread = `${imei.slice(0, 5)}${(Number(imei[5]) + 1) % 10}${imei.slice(6)}`;
  await value.fill(misread);
  await expect(main.getByText(say('ui.identifier-warning.luhn'), { exact: true })).toBeVisible();
  await expect(add).toBeDisabled();
  await value.fill(imei);
  await expect(add).toBeEnabled();
  await add.click();
  const row = main.getByRole('row').filter({ hasText: imei }).filter({ hasText: 'label' });
  await expect(row.first()).toContainText(say('ui.identifiers.two-sources'));
});

test('captures of the gateway are imported under the labels they belong to', async () => {
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-import') }).click();
  const main = page.locator('main');
  for (const [label, run] of [
    ['before', 'R1'],
    ['after', 'R4'],
  ] as const) {
    const path = captures.find((capture) => capture.run === run)?.path ?? '';
    await answerOpenDialog(started.app, [path]);
    await main.getByRole('button', { name: say('ui.import.choose') }).click();
    await expect(main.getByRole('row').filter({ hasText: `${run}-gateway.pcap` })).toBeVisible();
    await main.getByLabel(say('ui.run.handset'), { exact: true }).selectOption('H2');
    await main.getByLabel(say('ui.run.label'), { exact: true }).fill(label);
    await main.getByLabel(say('ui.run.run'), { exact: true }).fill(run);
    if (run === 'R1') await showScreen('import');
    await main.getByRole('button', { name: say('ui.import.start', { count: 1 }) }).click();
    await expect(page.locator('.dock .task-done').filter({ hasText: `${run}-gateway.pcap` })).toBeVisible({
      timeout: 60_000,
    });
  }
  await putAwayTasks(page);
});

test('a live capture counts packets while it runs and ends in order', async () => {
  const reason = captureForbidden();
  test.skip(reason !== null, reason ?? '');
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-capture') }).click();
  await fillRun(page, { serial: rootedSerial, handset: 'H1', label: 'live', run: 'L1' });
  await expect(page.locator('.methods')).toContainText(say('ui.capture.available'), { timeout: 30_000 });
  await page.getByRole('button', { name: say('ui.capture.start'), exact: true }).click();
  const live = panel(page, say('ui.capture.running'));
  const packets = async (): Promise<number> =>
    Number((await live.locator('.counts li').first().locator('strong').innerText()).replaceAll(/\D/g, '') || '0');
  await expect.poll(packets, { timeout: 30_000 }).toBeGreaterThan(0);
  const first = await packets();
  await expect.poll(packets, { timeout: 30_000 }).toBeGreaterThan(first);
  await showScreen('capture');
  // The apps of the persona ask every three to five seconds: enough for each to have spoken.
  await expect.poll(packets, { timeout: 30_000 }).toBeGreaterThan(60);
  await live.getByRole('button', { name: say('ui.capture.stop') }).click();
  const ended = panel(page, say('ui.capture.ended'));
  await expect(ended).toContainText(say('ui.capture-end.complete'), { timeout: 60_000 });
  await expect(ended.locator('.counts li').nth(1).locator('strong')).toHaveText('0');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-exhibits') }).click();
  await page.locator('main').getByLabel(say('ui.column.kind'), { exact: true }).selectOption('capture');
  await expect(page.locator('.table-row').filter({ hasText: 'live' })).toHaveCount(1);
  await putAwayTasks(page);
});

test('the analysis finds what the live handset sent', async () => {
  await goTo(page, 'findings');
  await page
    .getByRole('button', { name: say('ui.analysis.start') })
    .first()
    .click();
  await expect(page.locator('.dock .task').filter({ hasText: say('ui.task-kind.analysis') })).toContainText(
    say('ui.task-status.done'),
    { timeout: 90_000 },
  );
  await putAwayTasks(page);
  await page.getByLabel(say('ui.column.label'), { exact: true }).selectOption('live');
  const sent = page
    .locator('.table-row')
    .filter({ hasText: 'IMEI' })
    .filter({ hasText: 'data.mistat.intl.xiaomi.com' });
  await expect(sent.first()).toBeVisible();
});

test('the two states are compared', async () => {
  await goTo(page, 'comparison');
  await page.getByLabel(say('ui.compare.before'), { exact: true }).selectOption('before');
  await page.getByLabel(say('ui.compare.after'), { exact: true }).selectOption('after');
  const builds = page.locator('.change-group').filter({ hasText: say('ui.change-kind.build') });
  await expect(builds.getByRole('row').filter({ hasText: 'ro.build.fingerprint' })).toBeVisible();
});

test('a finding is confirmed, and the PDF says so with its frames', async () => {
  await goTo(page, 'findings');
  await page.getByLabel(say('ui.column.label'), { exact: true }).selectOption('before');
  await page.locator('.table-row').filter({ hasText: 'IMEI' }).first().click();
  const detail = page.locator('.list-detail .panel');
  await detail.getByLabel(say('ui.decide.reason'), { exact: true }).fill('Seen in Wireshark with the filter.');
  await detail.getByRole('button', { name: say('ui.decide.confirm') }).click();
  await expect(detail.locator('.decisions')).toContainText('Seen in Wireshark with the filter.');
  const number = await detail.locator('h2').innerText();
  await goTo(page, 'report');
  const path = join(desk.folder, 'report 台北.pdf');
  await answerSaveDialog(started.app, path);
  await page.getByLabel(say('ui.report.language')).selectOption('zh-Hant');
  await page.getByLabel(say('ui.report.format')).selectOption('pdf');
  await page.getByRole('button', { name: say('ui.report.export'), exact: true }).click();
  await expect(panel(page, say('ui.report.written'))).toContainText('report 台北.pdf', { timeout: 120_000 });
  expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-');
  const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  for (const part of [number, 'NCC-2014-7', 'Seen in Wireshark', '監管鏈'])
    expect(text.replaceAll(/\s+/g, ' ')).toContain(part);
});

test('everything that was done verifies', async () => {
  await goTo(page, 'custody');
  await page.getByRole('button', { name: say('ui.custody.verify') }).click();
  await expect(page.getByText(say('ui.custody.ok'), { exact: true })).toBeVisible({ timeout: 90_000 });
  expect(started.complaints).toEqual([]);
});
