import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { expect, type Page } from '@playwright/test';
import { makeWorld, type World } from '../../../demo-world/world.ts';
import { startHandset, type HandsetOptions, type SimulatedHandset } from '../../../handset-simulator/handset.ts';
import { goTo, type Catalogue } from './screens.ts';

export const personas = fileURLToPath(new URL('../../../personas', import.meta.url));
export const world: World = makeWorld(2014);

/** A simulated handset that listens for adb; the window attaches it by its address. */
export function plugIn(persona: string, options: Partial<HandsetOptions> = {}): Promise<SimulatedHandset> {
  return startHandset({ personas, persona, world, approveAfterMs: 0, ...options });
}

/** Datagrams from the handset's own loopback address, which is what its tcpdump sees. */
export async function sendDatagrams(handset: SimulatedHandset, count: number): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, handset.device.loopbackAddress, resolve));
  for (let index = 0; index < count; index += 1) {
    await new Promise((resolve) => socket.send(`handsight test datagram ${index}`, 47_123, '127.0.0.1', resolve));
    if (index % 20 === 19) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  socket.close();
}

/** Attaches by address, as a person types it, and waits until the handset is ready. */
export async function attach(page: Page, words: Catalogue, handset: SimulatedHandset): Promise<void> {
  await goTo(page, words['ui.nav.handset']);
  await page.getByRole('tab', { name: words['ui.handset.tab-connected'], exact: true }).click();
  await page.getByLabel(words['ui.connect.address'], { exact: true }).fill(handset.address);
  const card = page.locator('.handset-card', { hasText: handset.address });
  // After a pulled cable adb holds on to the dead connection for some seconds: then a person presses the button again.
  await expect(async () => {
    await page.getByRole('button', { name: words['ui.connect.connect'], exact: true }).click();
    await expect(card.getByText(words['ui.handset-state.device'], { exact: true })).toBeVisible({ timeout: 6000 });
  }).toPass({ timeout: 60_000 });
}

/** Gives a connected handset its name in the case. */
export async function addToCase(page: Page, words: Catalogue, handset: SimulatedHandset, name: string): Promise<void> {
  const card = page.locator('.handset-card', { hasText: handset.address });
  await card.getByRole('button', { name: words['ui.handset.add-to-case'], exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(words['ui.add-handset.label'], { exact: true }).fill(name);
  await dialog.getByRole('button', { name: words['ui.add-handset.add'], exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(card.getByRole('button', { name: words['ui.handset.acquire'], exact: true })).toBeVisible();
}

export async function openTab(page: Page, words: Catalogue, tab: keyof Catalogue): Promise<void> {
  await goTo(page, words['ui.nav.acquisition']);
  await page.getByRole('tab', { name: words[tab], exact: true }).click();
}

/** Starts an acquisition of the connected handset and leaves it running. */
export async function startAcquisition(page: Page, words: Catalogue, label: string): Promise<void> {
  await openTab(page, words, 'ui.acquisition.tab-acquire');
  await page.getByLabel(words['ui.run.label'], { exact: true }).fill(label);
  await page.getByRole('button', { name: words['ui.acquire.start'], exact: true }).click();
}

/** Starts a live capture of the connected handset and waits for its first packets. */
export async function startCapture(page: Page, words: Catalogue, label: string, run: string): Promise<void> {
  await openTab(page, words, 'ui.acquisition.tab-capture');
  await page.getByLabel(words['ui.run.label'], { exact: true }).fill(label);
  await page.getByLabel(words['ui.run.run'], { exact: true }).fill(run);
  await expect(page.getByText(words['ui.capture.available'], { exact: true })).toBeVisible();
  await page.getByRole('button', { name: words['ui.capture.start'], exact: true }).click();
  await expect(page.getByRole('heading', { name: words['ui.capture.running'], exact: true })).toBeVisible();
}

/** What the dock says about the newest task of a kind. */
export async function expectTask(
  page: Page,
  words: Catalogue,
  kind: keyof Catalogue,
  status: readonly (keyof Catalogue)[],
): Promise<void> {
  const line = page.locator('.task', { has: page.getByText(words[kind], { exact: true }) }).first();
  const shown = new RegExp(status.map((key) => words[key].replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'));
  await expect(line.locator('.task-title')).toContainText(shown, { timeout: 120_000 });
}
