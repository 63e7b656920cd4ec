import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { checkout } from './build-window.ts';
import { smallPng } from './small-png.ts';
import { leftInEnglish } from './left-in-english.ts';
import { chooseLanguage } from './workstation.ts';
import { languages, type Language } from './words.ts';

const writing = process.env['HANDSIGHT_SCREENSHOTS'] === '1';

/** Nothing under way any more that would change what is seen. */
async function settled(page: Page): Promise<void> {
  await expect(page.locator('main [aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}

export interface ScreenOptions {
  /** Texts on it that a person or a handset gave: they stay as they are in every language. */
  readonly given?: readonly (string | RegExp)[];
  /** For what stands before everything else, so that the language cannot be changed meanwhile. */
  readonly open?: (language: Language) => Promise<void>;
  readonly close?: () => Promise<void>;
}

const alwaysGiven = ['DEVELOPMENT', 'English'];

/**
 * Shows what is on screen in both languages, checks that the Chinese has no English left, and ends in English again.
 * The pictures for docs/screenshots are written with HANDSIGHT_SCREENSHOTS=1 only, so that a test run changes no file.
 */
export async function showScreen(page: Page, name: string, options: ScreenOptions = {}): Promise<void> {
  const given = [...alwaysGiven, ...(options.given ?? [])];
  for (const language of languages) {
    await chooseLanguage(page, language);
    await options.open?.(language);
    await settled(page);
    if (writing) {
      const folder = join(checkout, 'docs', 'screenshots', language);
      mkdirSync(folder, { recursive: true });
      const png = await page.screenshot({ animations: 'disabled', caret: 'hide' });
      writeFileSync(join(folder, `${name}.png`), smallPng(png));
    }
    if (language === 'zh-Hant') {
      await expect.poll(() => leftInEnglish(page, given), { message: `English on the screen «${name}»` }).toEqual([]);
    }
    await options.close?.();
  }
  await chooseLanguage(page, 'en');
}
