import type { Page } from '@playwright/test';
import en from '../../../../shared/locale/en.json' with { type: 'json' };
import zhHant from '../../../../shared/locale/zh-Hant.json' with { type: 'json' };
import type { Language } from '../../../../shared/contract/operation.ts';

export type Catalogue = typeof en;
const catalogues: Readonly<Record<Language, Catalogue>> = { en, 'zh-Hant': zhHant };
const languageNames: Readonly<Record<Language, string>> = { en: 'English', 'zh-Hant': '繁體中文' };

/** Switches the whole window to a language, as a person does. */
export async function speak(page: Page, language: Language): Promise<Catalogue> {
  await page.getByRole('button', { name: languageNames[language], exact: true }).click();
  await page.locator(`html[lang="${language}"]`).waitFor();
  return catalogues[language];
}

/** Goes to a screen by its entry in the sidebar. */
export async function goTo(page: Page, entry: string): Promise<void> {
  await page.getByRole('navigation').getByRole('button', { name: entry, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: entry, exact: true }).waitFor();
}
