import { expect, test, type Page } from '@playwright/test';
import type { SimulatedHandset } from '../../handset-simulator/handset.ts';
import { cableSerial, layHandset, plugInto } from './harness/desk-handsets.ts';
import {
  acquisitionRow,
  addToCase,
  adbServerOf,
  fillRun,
  handsetCard,
  makeCase,
  putAwayTasks,
  startAcquisition,
} from './harness/make-case.ts';
import { captureForbidden } from './harness/tcpdump.ts';
import { words } from './harness/words.ts';
import { goTo, makeWorkstation, panel, type Started, type Workstation } from './harness/workstation.ts';

// The cable is pulled in the middle: what arrived is there, the interruption is recorded and said with what to do, and the
// next attempt works.
test.describe.configure({ mode: 'serial' });

const say = words.en;
let desk: Workstation;
let handset: SimulatedHandset;
let server: string;
let serial: string;
let started: Started;
let page: Page;

test.beforeAll(async () => {
  desk = makeWorkstation();
  handset = await layHandset('modern-rooted');
  started = await desk.start();
  page = started.page;
  await makeCase(started, desk, 'NCC-2014-8');
  server = await adbServerOf(page);
  serial = cableSerial(handset);
  await plugIn();
  await addToCase(page, serial, 'Redmi Note 12 Turbo, seal 8');
});

test.afterAll(async () => {
  await started.close();
  await handset.close();
  desk.remove();
});

const run = (label: string) => ({ serial, handset: 'H1', label, run: 'R1' });

/** The cable goes in; the handset is there and ready. */
async function plugIn(): Promise<void> {
  await plugInto(server, handset);
  await goTo(page, 'handset');
  await expect(handsetCard(page, serial)).toContainText(say('ui.handset-state.device'), { timeout: 30_000 });
}

/** The cable goes in again, once adb has noticed that it was out. */
async function plugInAgain(): Promise<void> {
  await goTo(page, 'handset');
  await expect(handsetCard(page, serial)).toHaveCount(0, { timeout: 30_000 });
  await handset.replug();
  await plugIn();
}

async function exhibitsOf(label: string, kind: 'capture' | 'command-output'): Promise<string[]> {
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-exhibits') }).click();
  await page.locator('main').getByLabel(say('ui.column.label'), { exact: true }).selectOption(label);
  await page.locator('main').getByLabel(say('ui.column.kind'), { exact: true }).selectOption(kind);
  await expect(page.locator('.table-row').first()).toBeVisible();
  return page.locator('.table-row').allInnerTexts();
}

test('in the middle of an acquisition', async () => {
  handset.addFault({ service: /dumpsys package/, afterBytes: 3000, action: 'unplug' });
  await startAcquisition(page, run('pulled'), 'standard');
  const row = acquisitionRow(page, 'pulled');
  await expect(row).toContainText(say('ui.acquisition-outcome.interrupted'), { timeout: 120_000 });
  expect(handset.log.some((line) => line.startsWith('fault: unplug'))).toBe(true);
  await row.getByRole('button', { name: say('ui.past.show') }).click();
  const results = panel(page, say('ui.past.title'));
  await expect(results.getByText(say('ui.outcome.read'), { exact: true }).first()).toBeVisible();
  const broken = results.getByRole('row').filter({ hasText: say('ui.outcome.interrupted') });
  await expect(broken.first()).toBeVisible();
  // What to do is said where it ended, and not only that it ended.
  await expect(panel(page, say('ui.acquire.running'))).toContainText(say('ui.acquire.cut-about'));
  const told = page.locator('.dock .task').filter({ hasText: say('ui.task-kind.acquisition') });
  await told.locator('summary').first().click();
  await expect(told.locator('.task-gaps li').first()).toContainText('dumpsys package');
  await putAwayTasks(page);
  const kept = await exhibitsOf('pulled', 'command-output');
  expect(kept.length).toBeGreaterThan(5);
});

test('the next acquisition works', async () => {
  await plugInAgain();
  await startAcquisition(page, run('again'), 'quick');
  await expect(acquisitionRow(page, 'again')).toContainText(/complete/, { timeout: 90_000 });
  await expect(acquisitionRow(page, 'again')).not.toContainText(say('ui.acquisition-outcome.interrupted'));
  await putAwayTasks(page);
});

const packets = async (): Promise<number> =>
  Number((await page.locator('main .counts li').first().locator('strong').innerText()).replaceAll(/\D/g, '') || '0');

async function startCapture(label: string): Promise<void> {
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-capture') }).click();
  await fillRun(page, run(label));
  await page.getByRole('button', { name: say('ui.capture.start'), exact: true }).click();
  await expect(panel(page, say('ui.capture.running'))).toBeVisible();
  await expect.poll(packets, { timeout: 30_000 }).toBeGreaterThan(20);
}

test('in the middle of a capture: it goes on in a second part when the handset comes back', async () => {
  const reason = captureForbidden();
  test.skip(reason !== null, reason ?? '');
  await startCapture('cut');
  await handset.unplug();
  await plugInAgain();
  await goTo(page, 'acquisition');
  await page.getByRole('tab', { name: say('ui.acquisition.tab-capture') }).click();
  const segments = page.locator('main .counts li').nth(3).locator('strong');
  await expect(segments).toHaveText('2', { timeout: 60_000 });
  await panel(page, say('ui.capture.running'))
    .getByRole('button', { name: say('ui.capture.stop') })
    .click();
  const told = page.locator('.dock .task').filter({ hasText: say('ui.task-kind.capture') });
  await expect(told).toContainText(say('ui.task-status.done-with-gaps'), { timeout: 60_000 });
  await told.locator('summary').first().click();
  await expect(told.locator('.task-gaps li').first()).toBeVisible();
  const parts = await exhibitsOf('cut', 'capture');
  expect(parts).toHaveLength(2);
  expect(parts.filter((text) => text.includes(say('ui.outcome.interrupted')))).toHaveLength(1);
  await page.getByRole('tab', { name: say('ui.acquisition.tab-events') }).click();
  await expect(page.getByRole('row').filter({ hasText: say('ui.event-kind.gap') })).toContainText('cut');
  await putAwayTasks(page);
});

test('in the middle of a capture, and the handset stays away: what arrived is kept, and the next one works', async () => {
  const reason = captureForbidden();
  test.skip(reason !== null, reason ?? '');
  await startCapture('lost');
  await handset.unplug();
  const ended = panel(page, say('ui.capture.ended'));
  await expect(ended).toContainText(say('ui.capture-end.truncated'), { timeout: 90_000 });
  await putAwayTasks(page);
  const [kept] = await exhibitsOf('lost', 'capture');
  expect(kept).toContain(say('ui.outcome.interrupted'));
  await plugInAgain();
  await startCapture('lost-again');
  await panel(page, say('ui.capture.running'))
    .getByRole('button', { name: say('ui.capture.stop') })
    .click();
  await expect(panel(page, say('ui.capture.ended'))).toContainText(say('ui.capture-end.complete'), { timeout: 60_000 });
  expect(started.complaints).toEqual([]);
});
