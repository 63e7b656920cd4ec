import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import { Conversation } from '../../unit/dissection/conversation.ts';
import { dns, pcap, udp } from '../../unit/dissection/packet-builder.ts';
import { checkout } from './harness/build-window.ts';
import { answerOpenDialog } from './harness/launch.ts';
import { words } from './harness/words.ts';
import { goTo, makeWorkstation, type Started, type Workstation } from './harness/workstation.ts';

// One conversation as the window shows it: real Electron, real host, a capture made here with hostile text in it. A program
// named `wireshark` stands in for Wireshark and writes down what it was started with.
test.describe.configure({ mode: 'serial' });

const say = words.en;
const imei = '490154203237518';
const hostile = '<img src=x onerror=alert(1)>\u202Egnp.exe';
let desk: Workstation;
let started: Started;
let page: Page;
let folder = '';
let capture = '';
let toldFile = '';

function cli(...args: readonly string[]): void {
  execFileSync(process.execPath, [join(checkout, 'dist', 'main', 'cli.js'), ...args], {
    env: { ...process.env, HOME: desk.home, XDG_DATA_HOME: join(desk.home, 'data') },
    stdio: 'pipe',
  });
}

function writeCapture(path: string): void {
  const body = gzipSync(Buffer.from(`{"imei":"${imei}","note":"${hostile}"}`));
  const head = `POST /track?imei=${imei} HTTP/1.1\r\nHost: track.example\r\nUser-Agent: ${hostile}\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`;
  const talk = new Conversation()
    .toServer(Buffer.concat([Buffer.from(head), body]), 60)
    .toClient(
      `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 6000\r\n\r\n${'<b>A</b>'.repeat(750)}`,
      1000,
    )
    .close();
  writeFileSync(path, pcap([udp(40_000, 53, dns('track.example', 1)), ...talk.packets]));
}

test.beforeAll(async () => {
  desk = makeWorkstation();
  capture = join(desk.folder, 'talk.pcap');
  writeCapture(capture);
  folder = join(desk.cases, 'talk.handsight');
  cli('case', 'new', folder, '--number', '2026-1', '--title', 'Talk', '--examiner', 'Lin');
  cli('handset', 'add', folder, '--label', 'phone');
  cli('identifier', 'add', folder, '--handset', 'H1', '--kind', 'imei', '--value', imei, '--source', 'label');
  cli('import', folder, capture, '--handset', 'H1', '--label', 'before');
  cli('analyse', folder);
  const programs = join(desk.folder, 'bin');
  mkdirSync(programs);
  toldFile = join(desk.folder, 'told.txt');
  const program = join(programs, 'wireshark');
  writeFileSync(
    program,
    `#!/bin/sh\nfor one in "$@"; do printf '%s\\n' "$one"; done > "${toldFile}.new"\nmv "${toldFile}.new" "${toldFile}"\nsleep 2\n`,
  );
  chmodSync(program, 0o755);
  started = await desk.start({ env: { PATH: `${programs}:${process.env['PATH'] ?? ''}` } });
  page = started.page;
  await answerOpenDialog(started.app, [folder]);
  await page.getByRole('button', { name: say('ui.start.open'), exact: true }).click();
  await expect(page.locator('h1')).toHaveText(say('ui.nav.case'));
});

test.afterAll(async () => {
  await started.close();
  desk.remove();
});

const parts = () => page.locator('.exchange-part');

test('a conversation shows what was said, with each identifier marked at its bytes', async () => {
  await goTo(page, 'traffic');
  await page
    .getByRole('grid', { name: say('ui.traffic.tab-flows') })
    .locator('.table-row', { hasText: 'track.example' })
    .last()
    .click();
  await expect(parts()).toHaveCount(2);
  // Who is at the other end, source by source, stands above what was said.
  const known = page.getByRole('table', { name: say('ui.destination.sources') });
  await expect(known).toContainText(say('ui.destination-source.country-database'));
  const request = parts().nth(0);
  await expect(request).toContainText(say('ui.exchange.way.0'));
  // Once in the request line, once in the body that was compressed on the wire.
  await expect(request.locator('mark')).toHaveText([imei, imei]);
  await expect(request.locator('.exchange-line').first()).toHaveText(`POST /track?imei=${imei} HTTP/1.1`);
  await expect(page.locator('.exchange-marks')).toContainText(say('ui.exchange.marked', { marked: 2, count: 2 }));
});

test('hostile text stays text, and what is invisible is named', async () => {
  await expect(page.locator('.exchange img')).toHaveCount(0);
  await expect(parts().nth(0)).toContainText('<img src=x onerror=alert(1)>U+202Egnp.exe');
  await expect(page.locator('.exchange b')).toHaveCount(0);
  expect(started.complaints.filter((one) => !one.includes('dbus'))).toEqual([]);
});

test('the raw view marks the same bytes in hex and text', async () => {
  await page.getByRole('tab', { name: say('ui.exchange.raw'), exact: true }).click();
  const hex = parts().nth(0).locator('.bytes-hex mark');
  const told = (await hex.allTextContents())
    .join(' ')
    .split(' ')
    .filter((one) => one !== '');
  const digits = Array.from(imei, (digit) => `3${digit}`);
  expect(told).toEqual([...digits, ...digits]);
  await page.getByRole('tab', { name: say('ui.exchange.decoded'), exact: true }).click();
});

test('a long body comes a page at a time', async () => {
  const answer = parts().nth(1);
  await expect(answer.locator('.exchange-pager [role=status]')).toContainText('4,096');
  await answer.getByRole('button', { name: say('ui.bytes.next'), exact: true }).click();
  await expect(answer.locator('.exchange-pager [role=status]')).toContainText('6,0');
  await expect(answer.getByRole('button', { name: say('ui.bytes.next'), exact: true })).toBeDisabled();
});

test('Wireshark is given a copy, the frame and the filter; custody notes it, the exhibit stays, the copy goes', async () => {
  const sha256 = createHash('sha256').update(readFileSync(capture)).digest('hex');
  const exhibit = join(folder, 'exhibits', sha256.slice(0, 2), sha256);
  const before = statSync(exhibit);
  await page.getByRole('button', { name: say('ui.wireshark.open'), exact: true }).click();
  const dialog = page.getByRole('dialog', { name: say('ui.wireshark.opened') });
  await expect(dialog).toContainText('tcp.stream==0');
  await expect.poll(() => existsSync(toldFile)).toBe(true);
  const told = readFileSync(toldFile, 'utf8').trim().split('\n');
  expect([told[0], told[1], ...told.slice(3)]).toEqual([
    '-n',
    '-r',
    '-g',
    expect.stringMatching(/^\d+$/),
    '-Y',
    'tcp.stream==0',
  ]);
  expect(told[2]).not.toContain(folder);
  expect(told[2]).toMatch(/E001-talk\.pcap$/);
  await dialog.getByRole('button', { name: say('ui.close'), exact: true }).click();
  await goTo(page, 'custody');
  await expect(page.getByText(say('ui.custody-action.exhibit-opened'), { exact: true })).toHaveCount(1);
  const after = statSync(exhibit);
  expect([after.ino, after.mtimeMs, after.mode]).toEqual([before.ino, before.mtimeMs, before.mode]);
  await expect
    .poll(() => readdirSync(desk.temporary).filter((name) => name.startsWith('handsight-wireshark-')), {
      timeout: 10_000,
    })
    .toEqual([]);
});

test('a finding shows the way of its identifier to the wire, and the panel what anybody on the path could read', async () => {
  await goTo(page, 'findings');
  await page
    .getByRole('grid', { name: say('ui.nav.findings') })
    .locator('.table-row')
    .first()
    .click();
  const picture = page.locator('.transform-picture');
  await expect(picture.locator('.path-box-identifier + .path-name')).toHaveText(say('ui.identifier-kind.imei'));
  await expect(picture.locator('.path-compared')).toHaveText(say('ui.path.compared.equal'));
  await page.getByRole('tab', { name: say('ui.operator.title'), exact: true }).click();
  const table = page.getByRole('grid', { name: say('ui.operator.title') });
  await expect(table.locator('.table-row', { hasText: say('ui.operator.what.identifier') })).toHaveCount(1);
  await expect(table.locator('.table-row', { hasText: say('ui.operator.what.dns-name') })).toContainText(
    'track.example',
  );
  await expect(page.locator('.operator-picture svg')).toHaveAttribute('aria-label', /track|reads: \d/);
  await table.locator('.table-row', { hasText: say('ui.operator.what.identifier') }).click();
  await expect(page.locator('h1')).toHaveText(say('ui.nav.traffic'));
  await expect(parts()).toHaveCount(2);
});
