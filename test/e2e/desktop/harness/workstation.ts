import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, type Locator, type Page } from '@playwright/test';
import { checkout } from './build-window.ts';
import { launch, type Launched } from './launch.ts';
import { words, type Language, type WordKey } from './words.ts';

/** The built program; another build of it can be named, for instance one that nobody rebuilds meanwhile. */
const application = process.env['HANDSIGHT_TEST_APPLICATION'] ?? checkout;

/** A person's workstation: HOME, settings, cases and temporary files in one folder that goes away with it. */
export interface Workstation {
  readonly folder: string;
  readonly home: string;
  readonly cases: string;
  readonly temporary: string;
  start(options?: StartOptions): Promise<Started>;
  remove(): void;
}

export interface StartOptions {
  readonly language?: Language;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Started extends Launched {
  /** Process id of Electron's main process. */
  readonly pid: number;
}

export const windowSize = { width: 1360, height: 860 };

export function makeWorkstation(): Workstation {
  const folder = mkdtempSync(join(tmpdir(), 'handsight-desk-'));
  const within = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const home = within('home');
  const cases = within('cases');
  const temporary = within('tmp');
  return {
    folder,
    home,
    cases,
    temporary,
    async start({ language = 'en', env = {} } = {}) {
      const launched = await launch({
        application,
        userData: join(folder, 'profile'),
        args: [`--lang=${language === 'en' ? 'en-GB' : 'zh-TW'}`],
        env: {
          HOME: home,
          XDG_DATA_HOME: join(home, 'data'),
          TMPDIR: temporary,
          HANDSIGHT_CASES_FOLDER: cases,
          // What a person's own adb server holds is none of the test's business.
          HANDSIGHT_ADB_SERVER: '',
          ...env,
        },
      });
      await launched.app.evaluate(({ BrowserWindow }, size) => {
        BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height);
      }, windowSize);
      const pid = launched.app.process().pid;
      if (pid === undefined) throw new Error('Electron has no process id');
      return { ...launched, pid };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Goes to a screen by the entry of the side bar and waits for its title. */
export async function goTo(page: Page, screen: string, language: Language = 'en'): Promise<void> {
  const say = words[language];
  const name = say(`ui.nav.${screen}` as WordKey);
  await page.getByRole('navigation').getByRole('button', { name, exact: true }).click();
  await expect(page.locator('h1')).toHaveText(screen === 'start' ? say('ui.start.title') : name);
}

export async function chooseLanguage(page: Page, language: Language): Promise<void> {
  await page.locator('.language button', { hasText: language === 'en' ? 'English' : '繁體中文' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', language);
}

/** The part of the page with that title. */
export function panel(page: Page, title: string): Locator {
  return page.getByRole('region', { name: title, exact: true });
}
