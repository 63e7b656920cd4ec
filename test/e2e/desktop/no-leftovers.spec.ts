import { readdirSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { connectAddress, makeCase } from './harness/make-case.ts';
import { layHandset } from './harness/desk-handsets.ts';
import { listeningPorts, processesOf, stillListening } from './harness/processes.ts';
import { words } from './harness/words.ts';
import { makeWorkstation } from './harness/workstation.ts';

// Nothing of ours outlives the window: no process, no listening port, no temporary file.
const say = words.en;

test('after the window was closed', async () => {
  const desk = makeWorkstation();
  const handset = await layHandset('modern-rooted');
  const started = await desk.start();
  try {
    await makeCase(started, desk, 'NCC-2014-9');
    await connectAddress(started.page, handset.address);
    const running = processesOf(desk.folder);
    const ports = listeningPorts(running);
    expect(running.map(({ command }) => command).join('\n')).toMatch(/adb .*server/);
    expect(ports.length).toBeGreaterThan(0);
    await started.close();
    await expect.poll(() => processesOf(desk.folder), { timeout: 15_000 }).toEqual([]);
    expect(stillListening(ports)).toEqual([]);
    expect(readdirSync(desk.temporary).filter((name) => name.startsWith('handsight'))).toEqual([]);
  } finally {
    await started.close();
    await handset.close();
    desk.remove();
  }
});

test('after the main process was killed in the middle of the demonstration', async () => {
  const desk = makeWorkstation();
  const started = await desk.start();
  try {
    await started.page.getByRole('button', { name: say('ui.demo.start') }).click();
    const adbServers = (): number =>
      processesOf(desk.folder).filter(({ command }) => /adb .*server/.test(command)).length;
    // The window's own and that of the demonstration.
    await expect.poll(adbServers, { timeout: 60_000 }).toBe(2);
    await expect(started.page.locator('.dock .task')).toContainText(/[2-9] of \d+/, { timeout: 60_000 });
    const ports = listeningPorts(processesOf(desk.folder));
    expect(ports.length).toBeGreaterThan(2);
    process.kill(started.pid, 'SIGKILL');
    await expect.poll(() => processesOf(desk.folder), { timeout: 20_000 }).toEqual([]);
    expect(stillListening(ports)).toEqual([]);
  } finally {
    await started.close();
  }
  // What was stored until then opens again.
  const again = await desk.start();
  try {
    const [name = ''] = readdirSync(desk.cases);
    await again.app.evaluate(({ dialog }, path) => {
      dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [path] });
    }, `${desk.cases}/${name}`);
    await again.page.getByRole('button', { name: say('ui.start.open') }).click();
    await expect(again.page.locator('h1')).toHaveText(say('ui.nav.case'));
    await again.page
      .getByRole('navigation')
      .getByRole('button', { name: say('ui.nav.custody') })
      .click();
    await again.page.getByRole('button', { name: say('ui.custody.verify') }).click();
    await expect(again.page.getByText(say('ui.custody.ok'), { exact: true })).toBeVisible({ timeout: 60_000 });
  } finally {
    await again.close();
    desk.remove();
  }
});
