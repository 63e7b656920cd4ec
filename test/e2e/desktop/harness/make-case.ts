import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import { answerSaveDialog } from './launch.ts';
import { words } from './words.ts';
import { goTo, panel, type Started, type Workstation } from './workstation.ts';

const say = words.en;

/** Makes a case as a person does: the form, and the system's dialog for the folder. Returns the folder. */
export async function makeCase({ app, page }: Started, desk: Workstation, number: string): Promise<string> {
  const folder = join(desk.cases, `${number}.handsight`);
  await answerSaveDialog(app, folder);
  await page.getByRole('button', { name: say('ui.start.new'), exact: true }).click();
  const dialog = page.getByRole('dialog');
  const create = dialog.getByRole('button', { name: say('ui.new-case.create') });
  await expect(create).toBeDisabled();
  await dialog.getByLabel(say('ui.new-case.number'), { exact: true }).fill(number);
  await dialog.getByLabel(say('ui.new-case.name'), { exact: true }).fill('Handset complaint 台北 "1"');
  await dialog.getByLabel(say('ui.new-case.examiner'), { exact: true }).fill('Lin Mei-hua');
  await create.click();
  await expect(page.locator('h1')).toHaveText(say('ui.nav.case'));
  return folder;
}

/** Connects a handset over the network by its address and waits for its card. */
export async function connectAddress(page: Page, address: string): Promise<void> {
  await goTo(page, 'handset');
  const network = panel(page, say('ui.connect.title'));
  await network.getByLabel(say('ui.connect.address')).fill(address);
  await network.getByRole('button', { name: say('ui.connect.connect'), exact: true }).click();
  await expect(handsetCard(page, address)).toBeVisible({ timeout: 30_000 });
}

export async function disconnectAddress(page: Page, address: string): Promise<void> {
  await goTo(page, 'handset');
  const network = panel(page, say('ui.connect.title'));
  await network.getByLabel(say('ui.connect.address')).fill(address);
  await network.getByRole('button', { name: say('ui.connect.disconnect'), exact: true }).click();
  await expect(handsetCard(page, address)).toHaveCount(0, { timeout: 30_000 });
}

export const handsetCard = (page: Page, serial: string) =>
  page.locator('.handset-card').filter({ hasText: new RegExp(`${serial.replaceAll('.', '\\.')}(?!\\d)`) });

/** Puts a handset that is plugged in into the case, under the name on its seal. */
export async function addToCase(page: Page, serial: string, name: string): Promise<void> {
  await goTo(page, 'handset');
  await handsetCard(page, serial)
    .getByRole('button', { name: say('ui.handset.add-to-case') })
    .click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(say('ui.add-handset.label'), { exact: true }).fill(name);
  await expect(dialog.getByLabel(say('ui.add-handset.serial'), { exact: true })).toHaveValue(serial);
  await dialog.getByRole('button', { name: say('ui.add-handset.add'), exact: true }).click();
  await expect(dialog).toHaveCount(0);
}

export interface RunWish {
  readonly serial: string;
  /** Id in the case. */
  readonly handset: string;
  readonly label: string;
  readonly run: string;
}

/** Fills in what an acquisition or a capture is made from. */
export async function fillRun(page: Page, wish: RunWish): Promise<void> {
  const main = page.locator('main');
  await main.getByLabel(say('ui.run.connected'), { exact: true }).selectOption(wish.serial);
  await main.getByLabel(say('ui.run.handset'), { exact: true }).selectOption(wish.handset);
  await main.getByLabel(say('ui.run.label'), { exact: true }).fill(wish.label);
  await main.getByLabel(say('ui.run.run'), { exact: true }).fill(wish.run);
}

/** The acquisition that was made under this label. */
export const acquisitionRow = (page: Page, label: string) =>
  panel(page, say('ui.past.title')).getByRole('row').filter({ hasText: label });

/** Starts an acquisition of the quick or standard profile; does not wait for its end. */
export async function startAcquisition(page: Page, wish: RunWish, profile: 'quick' | 'standard'): Promise<void> {
  await goTo(page, 'acquisition');
  await fillRun(page, wish);
  await page.locator('main').getByLabel(say('ui.acquire.profile'), { exact: true }).selectOption(profile);
  await page
    .locator('main')
    .getByRole('button', { name: say('ui.acquire.start'), exact: true })
    .click();
}

/** Puts away what the dock says of tasks that ended. */
export async function putAwayTasks(page: Page): Promise<void> {
  const buttons = page.locator('.dock').getByRole('button', { name: say('ui.task.dismiss') });
  while ((await buttons.count()) > 0) await buttons.first().click();
}

/** Address of the adb server that the window uses, as About tells it. */
export async function adbServerOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: say('ui.nav.about'), exact: true }).click();
  const about = page.getByRole('dialog');
  const answers = /answers at (127\.0\.0\.1:\d+)/;
  await expect(about).toContainText(answers);
  const server = answers.exec(await about.innerText())?.[1] ?? '';
  await about.getByRole('button', { name: say('ui.close'), exact: true }).click();
  await expect(about).toHaveCount(0);
  return server;
}
