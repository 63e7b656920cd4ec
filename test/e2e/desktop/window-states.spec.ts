import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import { acquisitions } from './fake-host/fixture-case.ts';
import { buildWindowWithFakeHost } from './harness/build-window.ts';
import { answerOpenDialog, launch, type Launched } from './harness/launch.ts';
import { goTo, speak, type Catalogue } from './harness/screens.ts';
import { showScreen } from './harness/show-screen.ts';

// States that a real case reaches rarely, with a host of fixtures: read only, empty, a task that outlives the window, the keyboard.
let application: string;

test.beforeAll(async () => {
  application = mkdtempSync(join(tmpdir(), 'handsight-states-'));
  await buildWindowWithFakeHost(application);
});

test.afterAll(() => {
  rmSync(application, { recursive: true, force: true });
});

async function withCase(
  env: Record<string, string>,
  use: (launched: Launched, words: Catalogue) => Promise<void>,
): Promise<void> {
  const launched = await launch({ application, env });
  try {
    const words = await speak(launched.page, 'en');
    await answerOpenDialog(launched.app, ['/nowhere/2014-081.handsight']);
    await launched.page.getByRole('button', { name: words['ui.start.open'], exact: true }).click();
    await launched.page.getByRole('heading', { level: 1, name: words['ui.nav.case'], exact: true }).waitFor();
    await use(launched, words);
  } finally {
    await launched.close();
  }
}

test('while another process writes, the window says who, and offers no change', async () => {
  await withCase({ FAKE_HOST_SCENARIO: 'reader' }, async ({ page }, words) => {
    await expect(page.locator('.banner-reader')).toContainText('4711');
    await expect(page.locator('.banner-reader')).toContainText('lab-3');
    await goTo(page, words['ui.nav.handset']);
    await page.getByText(words['ui.pair.title'], { exact: true }).click();
    await expect(page.getByText(words['ui.pair.no-case'], { exact: true })).toBeVisible();
    await goTo(page, words['ui.nav.acquisition']);
    await expect(page.getByText(words['ui.reader.cannot'], { exact: true })).toBeVisible();
    await expect(page.getByRole('button', { name: words['ui.acquire.start'], exact: true })).toHaveCount(0);
    await goTo(page, words['ui.nav.findings']);
    await page.getByRole('row').nth(1).click();
    await expect(page.locator('.statement')).toBeVisible();
    await expect(page.getByRole('button', { name: words['ui.decide.confirm'], exact: true })).toHaveCount(0);
  });
});

test('what may still be on a handset is shown with its undo, and taken back as far as the handset is there', async () => {
  await withCase({ FAKE_HOST_SCENARIO: 'cut-off' }, async ({ page, complaints }, words) => {
    await goTo(page, words['ui.nav.handset']);
    const rows = page.getByRole('table', { name: words['ui.outstanding.title'] }).getByRole('row');
    await expect(rows).toHaveCount(3);
    await expect(rows.nth(1)).toContainText('rm /data/local/tmp/handsight-0123456789ab.png');
    await expect(rows.nth(1)).toContainText(words['outcome.cut-off']);
    await expect(rows.nth(2)).toContainText(words['ui.undo.named-report']);
    await showScreen(page, 'outstanding-changes', {
      given: [/^rm /, /^screencap/, /^bugreportz/, /exhibit 14-081/, /Lin Chia-hao/],
    });
    await page.getByRole('button', { name: words['ui.outstanding.now'], exact: true }).click();
    await expect(rows).toHaveCount(2);
    await expect(rows.nth(1)).toContainText('bugreportz -p');
    expect(complaints).toEqual([]);
  });
});

test('a phone that is plugged in and not listed: what may be wrong; photographs of the intake are chosen from what is attached', async () => {
  await withCase({ FAKE_HOST_SCENARIO: 'cut-off' }, async ({ page, complaints }, words) => {
    await goTo(page, words['ui.nav.handset']);
    await expect(page.getByText(words['ui.usb.missing'], { exact: true })).toBeHidden();
    await page.getByText(words['ui.handset.missing'], { exact: true }).click();
    await expect(page.getByText(words['ui.usb.missing'], { exact: true })).toBeVisible();
    await page.getByRole('tab', { name: words['ui.handset.tab-intake'] }).click();
    await page.getByRole('button', { name: words['ui.intake.correct'] }).first().click();
    const dialog = page.getByRole('dialog');
    const typed = dialog.getByLabel(words['ui.intake.photographs'], { exact: true });
    await expect(typed).toHaveValue('E003');
    const attached = dialog.getByRole('group', { name: words['ui.intake.photographs-attached'] }).getByRole('checkbox');
    await expect(attached).toHaveCount(2);
    await expect(attached.nth(0)).toBeChecked();
    await attached.nth(1).check();
    await expect(typed).toHaveValue('E003 E004');
    await attached.nth(0).uncheck();
    await expect(typed).toHaveValue('E004');
    await page.screenshot({ path: test.info().outputPath('intake-photographs.png') });
    expect(complaints).toEqual([]);
  });
});

test('attached files that cannot be listed are a problem to read where they are chosen, not an empty list', async () => {
  await withCase({ FAKE_HOST_SCENARIO: 'unlisted' }, async ({ page, complaints }, words) => {
    await goTo(page, words['ui.nav.handset']);
    await page.getByRole('tab', { name: words['ui.handset.tab-identifiers'] }).click();
    const told = (place: Locator) => place.getByText(words['ui.attached.not-listed'], { exact: true });
    const why = (place: Locator) => place.getByRole('alert').filter({ hasText: '/nowhere/2014-081.handsight' });
    await expect(told(page.locator('main'))).toBeVisible();
    await expect(why(page.locator('main'))).toBeVisible();
    await page.getByRole('tab', { name: words['ui.handset.tab-intake'] }).click();
    await page.getByRole('button', { name: words['ui.intake.correct'] }).first().click();
    const attached = page.getByRole('dialog').getByRole('group', { name: words['ui.intake.photographs-attached'] });
    await expect(told(attached)).toBeVisible();
    await expect(why(attached)).toBeVisible();
    await expect(attached.getByRole('button', { name: words['ui.retry'], exact: true })).toBeEnabled();
    expect(complaints).toEqual([]);
  });
});

test('an empty case leads on from every screen', async () => {
  await withCase({ FAKE_HOST_SCENARIO: 'empty' }, async ({ page, complaints }, words) => {
    for (const screen of ['traffic', 'findings', 'comparison'] as const) {
      await goTo(page, words[`ui.nav.${screen}`]);
      await expect(page.getByText(words['ui.nothing.no-evidence'], { exact: true })).toBeVisible();
      await page.getByRole('button', { name: words['ui.acquisition.tab-import'], exact: true }).click();
      await expect(page.getByRole('button', { name: words['ui.import.choose'], exact: true })).toBeVisible();
    }
    await goTo(page, words['ui.nav.acquisition']);
    await expect(page.getByText(words['ui.needs.case-handset'], { exact: true })).toBeVisible();
    await goTo(page, words['ui.nav.claims']);
    await expect(page.getByText(words['ui.complaints.none'], { exact: true })).toBeVisible();
    await goTo(page, words['ui.nav.search']);
    await expect(page.getByText(words['ui.nothing.no-evidence'], { exact: true })).toBeVisible();
    expect(complaints).toEqual([]);
  });
});

test('a phone whose debugging is off is seen on the USB bus, with the way to its maker’s switch; pairing says what it lacks', async () => {
  await withCase({ FAKE_HOST_SCENARIO: 'empty' }, async ({ page, complaints }, words) => {
    await goTo(page, words['ui.nav.handset']);
    const card = page.locator('.handset-card', { hasText: 'Redmi Note' });
    await expect(card).toContainText(words['ui.usb.debugging-off-about']);
    await expect(card.locator('.way-to-switch')).toContainText(words['ui.debugging.tap.xiaomi']);
    await page.getByText(words['ui.pair.title'], { exact: true }).click();
    await expect(page.getByText(words['ui.pair.recorded'], { exact: true })).toBeVisible();
    const pair = page.getByRole('button', { name: words['ui.pair.pair'], exact: true });
    await expect(pair).toBeDisabled();
    await page.getByLabel(words['ui.pair.address'], { exact: true }).fill('192.0.2.7:37123');
    await page.getByLabel(words['ui.pair.code'], { exact: true }).fill('123456');
    await pair.click();
    await expect(page.getByText(words['problem.pairing-unsupported'], { exact: true })).toBeVisible();
    const code = page.getByLabel(words['ui.pair.code'], { exact: true });
    await code.fill('654321');
    await pair.click();
    await expect(page.getByText(words['ui.pair.done'], { exact: true })).toBeVisible();
    // Other fields are not what was paired.
    await code.fill('654322');
    await expect(page.getByText(words['ui.pair.done'], { exact: true })).toBeHidden();
    await showScreen(page, 'handset-usb');
    expect(complaints).toEqual([]);
  });
});

test('one’s own selection is made by keyboard and kept; an acquisition that was cut off is offered to be gone on with', async () => {
  await withCase({}, async ({ page, complaints }, words) => {
    await goTo(page, words['ui.nav.acquisition']);
    const profile = page.getByLabel(words['ui.acquire.profile'], { exact: true });
    await profile.selectOption('own');
    const box = (name: string) => page.getByRole('checkbox', { name, exact: true });
    await expect(box(words['collector.clock'])).toBeDisabled();
    await expect(box(words['collector.clock'])).toBeChecked();
    const packages = box(words['collector.packages']);
    await expect(packages).toBeChecked();
    await packages.focus();
    await page.keyboard.press('Space');
    await expect(packages).not.toBeChecked();
    await goTo(page, words['ui.nav.case']);
    await goTo(page, words['ui.nav.acquisition']);
    await profile.selectOption('own');
    await expect(packages).not.toBeChecked();
    await expect(box(words['collector.app-ops'])).toBeChecked();
    // What a chosen one builds on is asked with it, whoever left it out.
    const needed = box(words['collector.logcat']);
    await expect(needed).toBeChecked();
    await expect(needed).toBeDisabled();
    await box(words['collector.app-ops']).press('Space');
    await needed.press('Space');
    await expect(needed).not.toBeChecked();
    await box(words['collector.app-ops']).press('Space');
    await expect(needed).toBeChecked();
    await expect(page.getByText(/^Asked with what builds on it: /)).toBeVisible();
    const ofAndroid = [/before 或 after/, /^設定（(?:system|secure|global)）$/];
    await showScreen(page, 'acquisition-own', { given: ofAndroid });

    const cut = acquisitions.find(({ outcome }) => outcome === 'interrupted');
    await profile.selectOption('standard');
    await page.getByLabel(words['ui.run.handset'], { exact: true }).selectOption(cut?.handset ?? '');
    await page.getByLabel(words['ui.run.label'], { exact: true }).fill(cut?.label ?? '');
    await expect(page.getByText(words['ui.resume.about'], { exact: true })).toHaveCount(0);
    await page.getByLabel(words['ui.run.run'], { exact: true }).fill(cut?.run ?? '');
    await expect(page.getByText(words['ui.resume.about'], { exact: true })).toBeVisible();
    await expect(box(words['ui.resume.go-on'].replace('{id}', cut?.id ?? ''))).toBeChecked();
    // Only what remains is planned, and what is taken over is named.
    const notice = page.locator('.notice').filter({ hasText: words['ui.resume.about'] });
    await expect(notice).toContainText(words['collector.app-ops']);
    await expect(page.locator('details.plan summary')).toContainText('3');
    await showScreen(page, 'acquisition-resume', { given: [...ofAndroid, cut?.label ?? '', /已有結果，不再查詢/] });
    expect(complaints).toEqual([]);
  });
});

test('everything can be reached and read by keyboard', async () => {
  await withCase({}, async ({ page }, words) => {
    await page.keyboard.press('Tab');
    await goTo(page, words['ui.nav.findings']);
    await page.getByRole('row').nth(1).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'F0003' })).toBeVisible();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 2, name: 'F0014' })).toBeVisible();
    await page.getByRole('tab', { name: words['ui.findings.tab-list'], exact: true }).focus();
    await page.keyboard.press('ArrowRight');
    await expect(page.getByRole('tab', { name: words['ui.findings.tab-recipients'], exact: true })).toBeFocused();
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
    expect(outline).not.toBe('none');
    // A long table exists only as far as it is in sight, and says how long it is.
    await goTo(page, words['ui.nav.traffic']);
    const grid = page.getByRole('grid');
    await expect(grid).toHaveAttribute('aria-rowcount', '1241');
    expect(await page.getByRole('row').count()).toBeLessThan(80);
    await page.getByRole('row').nth(1).focus();
    for (let index = 0; index < 10; index += 1) {
      await page.keyboard.press('End');
      await page.waitForTimeout(150);
    }
    await expect(page.locator('[aria-rowindex="1241"]')).toBeVisible();
  });
});

/** Answers the question on closing by the number of its button, and counts how often it was asked. */
async function answerQuestion(app: ElectronApplication, button: number): Promise<void> {
  await app.evaluate(({ dialog }, response) => {
    const count = Reflect.get(globalThis, 'asked') as number | undefined;
    Reflect.set(globalThis, 'asked', count ?? 0);
    dialog.showMessageBox = () => {
      Reflect.set(globalThis, 'asked', ((Reflect.get(globalThis, 'asked') as number | undefined) ?? 0) + 1);
      return Promise.resolve({ response, checkboxChecked: false });
    };
  }, button);
}

const asked = (app: ElectronApplication): Promise<unknown> =>
  app.evaluate(() => Reflect.get(globalThis, 'asked') as unknown);
const closeWindow = (app: ElectronApplication): Promise<void> =>
  app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());

async function startVerification(page: Page, words: Catalogue): Promise<void> {
  await goTo(page, words['ui.nav.custody']);
  await page.getByRole('button', { name: words['ui.custody.verify'], exact: true }).click();
  await expect(page.locator('.task-running')).toBeVisible();
}

test('closing the window does not end a run: it asks, goes back, or stops safely', async () => {
  await withCase({ FAKE_HOST_STEP_MS: '0' }, async ({ app, page }, words) => {
    await startVerification(page, words);
    await answerQuestion(app, 2);
    await closeWindow(app);
    await expect.poll(() => asked(app)).toBe(1);
    await expect(page.locator('.task-running')).toBeVisible();
    await answerQuestion(app, 1);
    const gone = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
    await closeWindow(app).catch(() => undefined);
    expect(await gone).toBe(0);
  });
});

test('or lets it finish in the background, and ends by itself', async () => {
  await withCase({ FAKE_HOST_STEP_MS: '250' }, async ({ app, page }, words) => {
    await startVerification(page, words);
    await answerQuestion(app, 0);
    const gone = new Promise<number | null>((resolve) => app.process().once('exit', resolve));
    await closeWindow(app);
    await expect
      .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible()))
      .toBe(false);
    expect(await gone).toBe(0);
  });
});

test('a page that is loaded again finds the tasks that run', async () => {
  await withCase({ FAKE_HOST_STEP_MS: '0' }, async ({ app, page }, words) => {
    await startVerification(page, words);
    await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.reload());
    await page.waitForSelector('h1');
    await expect(page.locator('.task-running')).toContainText(words['ui.task-kind.verification']);
    await page.getByRole('button', { name: words['ui.task.cancel'], exact: true }).click();
    await expect(page.locator('.task-cancelled')).toBeVisible();
  });
});
