import { expect, test, type ElectronApplication, type Locator, type Page } from '@playwright/test';
import { words } from './harness/words.ts';
import { makeWorkstation, type Started, type Workstation } from './harness/workstation.ts';

// The main path without a mouse, in Chinese from the start, and a window that is closed while the demonstration runs.
test.describe.configure({ mode: 'serial' });

const say = words['zh-Hant'];
let desk: Workstation;
let started: Started;
let page: Page;

test.beforeAll(async () => {
  desk = makeWorkstation();
  started = await desk.start({ language: 'zh-Hant' });
  page = started.page;
});

test.afterAll(async () => {
  await started.close();
  desk.remove();
});

const focused = (locator: Locator): Promise<boolean> =>
  locator.evaluateAll((elements) => elements.some((element) => element === document.activeElement));

/** Presses Tab until one of these has the focus, and checks that it can be seen there. */
async function tabTo(locator: Locator): Promise<void> {
  for (let count = 0; count < 120; count += 1) {
    if (await focused(locator)) {
      const outline = await page.evaluate(() => {
        const style = getComputedStyle(document.activeElement ?? document.body);
        return style.outlineStyle !== 'none' || style.boxShadow !== 'none';
      });
      expect(outline, 'the focus can be seen').toBe(true);
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`not reached by Tab: ${String(locator)}`);
}

/** Answers the question of the closing window with this button. */
async function answerQuestion(app: ElectronApplication, button: number): Promise<void> {
  await app.evaluate(({ dialog }, response) => {
    dialog.showMessageBox = ((_window: unknown, asked: unknown) => {
      Reflect.set(globalThis, 'asked', asked);
      return Promise.resolve({ response, checkboxChecked: false });
    }) as typeof dialog.showMessageBox;
  }, button);
}

test('the demonstration starts by Tab and Enter', async () => {
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hant');
  await page.keyboard.press('Tab');
  await tabTo(page.getByRole('button', { name: say('ui.demo.start') }));
  await page.keyboard.press('Enter');
  await expect(page.locator('.dock .task-running')).toContainText(say('ui.task-kind.demonstration'));
});

test('closing the window meanwhile asks, and going back goes on', async () => {
  await answerQuestion(started.app, 2);
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close());
  await expect
    .poll(() =>
      started.app.evaluate(() => (Reflect.get(globalThis, 'asked') as { message?: string } | undefined)?.message),
    )
    .toBe(say('ui.closing.message', { count: 1 }));
  await expect(page.locator('h1')).toHaveText(say('ui.nav.findings'), { timeout: 150_000 });
});

test('a finding is opened and decided without a mouse', async () => {
  const row = page.locator('.table-row').nth(2);
  await expect(row).toContainText(/F\d{4}/);
  const third = /F\d{4}/.exec(await row.innerText())?.[0] ?? '?';
  await tabTo(page.locator('.table-row'));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  const detail = page.locator('.list-detail .panel');
  await expect(detail.locator('h2')).toHaveText(third);
  await tabTo(detail.getByLabel(say('ui.decide.reason'), { exact: true }));
  await page.keyboard.type('已核對。');
  await tabTo(detail.getByRole('button', { name: say('ui.decide.confirm') }));
  await page.keyboard.press('Enter');
  await expect(detail.locator('.decisions')).toContainText('已核對。');
});

test('screens and language are reached without a mouse', async () => {
  await tabTo(page.getByRole('navigation').getByRole('button', { name: say('ui.nav.claims') }));
  await page.keyboard.press('Enter');
  await expect(page.locator('h1')).toHaveText(say('ui.nav.claims'));
  await expect(page.locator('h1')).toBeFocused();
  await tabTo(page.locator('.language button').first());
  await page.keyboard.press('Space');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
  expect(started.complaints).toEqual([]);
});

test('closing while a task runs can end it safely: the program goes, the case stays whole', async () => {
  await page
    .getByRole('navigation')
    .getByRole('button', { name: words.en('ui.nav.custody') })
    .click();
  await page.getByRole('button', { name: words.en('ui.custody.verify') }).click();
  await answerQuestion(started.app, 1);
  const gone = new Promise<number | null>((resolve) => started.app.process().once('exit', resolve));
  await started.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close()).catch(() => undefined);
  expect(await gone).toBe(0);
});
