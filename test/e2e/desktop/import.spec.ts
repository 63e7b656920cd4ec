import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, type Page } from '@playwright/test';
import { Conversation } from '../../unit/dissection/conversation.ts';
import { EXCHANGES, packetsOf } from '../../unit/dissection/keylog/tls-exchanges.ts';
import { pcap } from '../../unit/dissection/packet-builder.ts';
import { answerOpenDialog } from './harness/launch.ts';
import { makeCase } from './harness/make-case.ts';
import { showScreen } from './harness/show-screen.ts';
import { words } from './harness/words.ts';
import { goTo, makeWorkstation, panel, type Started, type Workstation } from './harness/workstation.ts';

// One recording in three files, named in the wrong order, is proposed as one; a long import is stopped and gone on with.
test.describe.configure({ mode: 'serial' });

const say = words.en;
let desk: Workstation;
let started: Started;
let page: Page;

test.beforeAll(async () => {
  desk = makeWorkstation();
  started = await desk.start();
  page = started.page;
  await makeCase(started, desk, '2014-081');
});

test.afterAll(async () => {
  await started.close();
  desk.remove();
});

async function openImport(): Promise<void> {
  await goTo(page, 'acquisition');
  await page.getByRole('button', { name: say('ui.acquisition.tab-import'), exact: true }).click();
}

async function choose(paths: readonly string[]): Promise<void> {
  await answerOpenDialog(started.app, [...paths]);
  await page.getByRole('button', { name: say('ui.import.choose'), exact: true }).click();
  await expect(panel(page, say('ui.import.title')).getByRole('row')).toHaveCount(paths.length + 1);
}

const startButton = (count: number) =>
  page.getByRole('button', { name: say('ui.import.start', { count }), exact: true });

test('files of one recording are proposed as one, and are', async () => {
  const talk = new Conversation()
    .toServer(`GET /a?x=${'y'.repeat(60)} HTTP/1.1\r\nHost: api.example\r\n\r\n`, 9)
    .toClient('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    .close();
  const cuts = [0, 5, 9, talk.packets.length];
  const paths = [2, 0, 1].map((n) => {
    const path = join(desk.folder, `gateway_0000${n + 1}.pcap`);
    writeFileSync(path, pcap(talk.packets.slice(cuts[n], cuts[n + 1]), { startSeconds: 1_407_405_600 + n * 60 }));
    return path;
  });
  await openImport();
  await choose(paths);
  const box = page.getByRole('checkbox', { name: say('ui.import.as-one') });
  await expect(box).toBeChecked();
  await showScreen(page, 'import-as-one', { given: [/gateway_0000\d\.pcap/, /before 或 after/, 'pcap'] });
  await startButton(3).click();
  const running = panel(page, say('ui.import.running'));
  await expect(running).toContainText('J1: E002, E003, E001', { timeout: 60_000 });
});

test('a key log chosen with its capture opens it', async () => {
  const [one] = EXCHANGES;
  if (one === undefined) throw new Error('no exchange');
  const paths = [join(desk.folder, 'tls.pcap'), join(desk.folder, 'tls.keys')];
  writeFileSync(paths[0] ?? '', pcap(packetsOf(one)));
  writeFileSync(paths[1] ?? '', one.keyLog);
  await openImport();
  await choose(paths);
  const title = panel(page, say('ui.import.title'));
  await expect(title).toContainText(say('ui.capture-format.key-log'));
  await expect(title).toContainText(say('ui.import.key-log-beside'));
  await expect(page.getByRole('checkbox', { name: say('ui.import.as-one') })).toHaveCount(0);
  await showScreen(page, 'import-key-log', { given: [/tls\.(pcap|keys)/, /before 或 after/, 'pcap'] });
  await startButton(2).click();
  const running = panel(page, say('ui.import.running'));
  const packets = packetsOf(one).length;
  await expect(running).toContainText(say('ui.import.done', { exhibits: 2, packets }), { timeout: 60_000 });
});

test('a long import is stopped, waits, and goes on', async () => {
  const path = join(desk.folder, 'long.pcap');
  const record = pcap(new Conversation().packets).subarray(24);
  const many = Buffer.concat(Array.from({ length: Math.ceil(4_000_000 / record.length) }, () => record));
  const file = openSync(path, 'w');
  writeSync(file, pcap([]));
  for (let megabytes = 0; megabytes < 1200; megabytes += 4) writeSync(file, many);
  closeSync(file);
  await openImport();
  await choose([path]);
  await startButton(1).click();
  const running = panel(page, say('ui.import.running'));
  await expect(running).toContainText(/MB\/s, \d+ (s|min) left/, { timeout: 60_000 });
  await running.getByRole('button', { name: say('ui.import.cancel'), exact: true }).click();
  const cut = panel(page, say('ui.import.unfinished'));
  await expect(cut).toContainText('long.pcap', { timeout: 60_000 });
  await showScreen(page, 'import-cut-off', { given: ['long.pcap', /before 或 after/] });
  await cut.getByRole('button', { name: say('ui.import.resume'), exact: true }).click();
  await expect(cut).toHaveCount(0);
  await expect(running).toContainText(
    say('ui.import.done', { exhibits: 1, packets: (many.length / record.length) * 3 * 300 }),
    {
      timeout: 120_000,
    },
  );
});
