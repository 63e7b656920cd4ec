import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import type { Language } from '../../../shared/contract/operation.ts';
import { checkout } from './harness/build-window.ts';
import { answerSaveDialog, launch, type Launched } from './harness/launch.ts';
import { catalogues, clearDock, goTo, picture, speak, type Catalogue } from './harness/screens.ts';

// Every screen of the built program on the demonstration that it makes itself, in both languages.
const pictures = join(checkout, 'docs', 'screenshots');

let launched: Launched;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  launched = await launch({ application: checkout });
});

test.afterAll(async () => {
  await launched.close();
});

/** Words of the other language that a screen in `language` should not show. */
async function expectNoOtherLanguage(page: Page, language: Language): Promise<void> {
  const other = catalogues[language === 'en' ? 'zh-Hant' : 'en'];
  const own = new Set(Object.values(catalogues[language]));
  // Text of the case itself (names, statements) stands in elements of their own and is left out.
  const shown = new Set(
    await page.evaluate(() => {
      const texts: string[] = [];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        if (node.parentElement?.closest('.hostile') === null) texts.push(node.textContent?.trim() ?? '');
      }
      return texts;
    }),
  );
  const strangers = Object.values(other).filter((text) => text.length > 3 && !own.has(text) && shown.has(text));
  expect(strangers).toEqual([]);
}

async function takeAll(page: Page, language: Language, words: Catalogue): Promise<void> {
  const folder = join(pictures, language);
  const shot = async (name: string): Promise<void> => {
    await expectNoOtherLanguage(page, language);
    await expect(page.getByRole('alert')).toHaveCount(0);
    await picture(page, folder, name);
  };
  const tab = (name: string) => page.getByRole('tab', { name, exact: true }).click();
  const main = page.locator('main');

  await goTo(page, words['ui.nav.start']);
  await expect(page.locator('.recent')).toHaveCount(1);
  await shot('cases');

  await goTo(page, words['ui.nav.case']);
  await expect(page.locator('.step-done')).not.toHaveCount(0);
  await shot('case');

  await goTo(page, words['ui.nav.handset']);
  await expect(main.locator('.empty, .handset-card').first()).toBeVisible();
  await shot('handset');
  await tab(words['ui.handset.tab-identifiers']);
  await expect(main.getByRole('row').nth(3)).toBeVisible();
  await shot('identifiers');

  await goTo(page, words['ui.nav.acquisition']);
  await main.getByRole('button', { name: words['ui.past.show'], exact: true }).first().click();
  await expect(main.getByText(words['ui.outcome.read'], { exact: true }).first()).toBeVisible();
  await main.evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
  await shot('acquisition');
  await tab(words['ui.acquisition.tab-exhibits']);
  await main.getByRole('row').nth(2).click();
  await expect(main.locator('.raw-text, .bytes, .raw-picture, .list-detail .muted').first()).toBeVisible();
  await shot('exhibits');
  await tab(words['ui.acquisition.tab-events']);
  await expect(main.getByRole('row').nth(1)).toBeVisible();
  await shot('events');

  await goTo(page, words['ui.nav.traffic']);
  await expect(main.getByRole('row').nth(2)).toBeVisible();
  await shot('traffic');
  await main.getByText(words['ui.traffic.with-findings'], { exact: true }).click();
  await main.getByLabel(words['ui.filter.text'], { exact: true }).fill('api.account');
  await expect(main.getByRole('row').nth(1)).toContainText('api.account');
  await main.getByRole('row').nth(1).click();
  await expect(main.locator('.message').first()).toBeVisible();
  await shot('flow');

  await goTo(page, words['ui.nav.findings']);
  await main.getByRole('row').nth(1).click();
  await expect(main.locator('.statement')).toBeVisible();
  await shot('findings');
  await main.getByLabel(words['ui.column.channel'], { exact: true }).selectOption('cleartext');
  await main.getByLabel(words['ui.filter.text'], { exact: true }).fill('base64url');
  await expect(main.getByRole('row').nth(1)).toContainText('api.account');
  await main.getByRole('row').nth(1).click();
  await expect(main.locator('.path li')).not.toHaveCount(0);
  await expect(main.locator('.bytes mark').first()).toBeVisible();
  await shot('finding');
  await tab(words['ui.findings.tab-recipients']);
  await expect(main.getByRole('row').nth(1)).toBeVisible();
  await shot('recipients');

  await goTo(page, words['ui.nav.comparison']);
  await expect(main.locator('.change-group').first()).toBeVisible();
  await shot('comparison');
  await tab(words['ui.compare.tab-traffic']);
  await expect(main.locator('.recharts-bar-rectangle').first()).toBeVisible();
  await shot('traffic-chart');

  await goTo(page, words['ui.nav.claims']);
  await expect(main.locator('.claim').first()).toBeVisible();
  await shot('claims');

  await goTo(page, words['ui.nav.search']);
  await main.getByRole('textbox').fill('xiaomi');
  await main.getByRole('textbox').press('Enter');
  await expect(main.getByRole('row').nth(1)).toBeVisible();
  await clearDock(page, words);
  await shot('search');

  await goTo(page, words['ui.nav.custody']);
  await main.getByRole('button', { name: words['ui.custody.verify'], exact: true }).click();
  await expect(main.getByText(words['ui.custody.ok'], { exact: true })).toBeVisible({ timeout: 60_000 });
  await clearDock(page, words);
  await shot('custody');

  await goTo(page, words['ui.nav.report']);
  await shot('report');
}

test('the demonstration: one click, and its findings are on screen', async () => {
  const { page } = launched;
  const words = await speak(page, 'en');
  await page.getByRole('button', { name: words['ui.demo.start'], exact: true }).click();
  await page
    .getByRole('heading', { level: 1, name: words['ui.nav.findings'], exact: true })
    .waitFor({ timeout: 150_000 });
  await expect(page.getByText(words['ui.banner.synthetic'], { exact: true })).toBeVisible();
  await expect(page.getByRole('row').nth(1)).toBeVisible();
  await clearDock(page, words);
});

for (const language of ['en', 'zh-Hant'] as const) {
  test(`every screen in ${language}`, async () => {
    const words = await speak(launched.page, language);
    await takeAll(launched.page, language, words);
    expect(launched.complaints).toEqual([]);
  });
}

test('the report is written where the person says', async ({}, info) => {
  const { app, page } = launched;
  const words = await speak(page, 'en');
  await answerSaveDialog(app, info.outputPath('report.pdf'));
  await goTo(page, words['ui.nav.report']);
  await page.getByRole('button', { name: words['ui.report.export'], exact: true }).click();
  await expect(page.locator('.written').getByText('report.pdf')).toBeVisible({ timeout: 120_000 });
});
