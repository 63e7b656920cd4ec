import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { LiveSight, LiveState } from '../../../shared/model/live-sight.ts';
import { LiveSearch } from '../../../main/workflow/live-search.ts';
import { liveLines, wordSight } from '../../../main/workflow/word-sight.ts';
import { Conversation } from '../dissection/conversation.ts';
import { pcap } from '../dissection/packet-builder.ts';

const imei = '490154203237518';
const identifiers = [{ id: 'I1', handset: 'H1', kind: 'imei', value: imei }] as const;

let folder = '';
let sights: LiveSight[] = [];
let states: LiveState[] = [];
let failures: string[] = [];
let live: LiveSearch;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-search-'));
  [sights, states, failures] = [[], [], []];
  live = new LiveSearch(identifiers, {
    onSights: (fresh) => void sights.push(...fresh),
    onState: (state) => void states.push(state),
    onFailure: (detail) => void failures.push(detail),
  });
});
afterEach(async () => {
  await live.end();
  rmSync(folder, { recursive: true, force: true });
});

async function until(what: () => boolean): Promise<void> {
  while (!what()) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** A connection that stays open: nothing follows what it tells. */
function open(request: string, port: number, serverPort = 80): Buffer[] {
  return new Conversation({ sourcePort: port, targetPort: serverPort }).toServer(request).packets;
}
const get = (value: string): string => `GET /a?imei=${value} HTTP/1.1\r\nHost: api.example\r\n\r\n`;

it('tells an identifier while its connection is open, once a way, and a file that ends in the middle of a record is waited for', async () => {
  const path = join(folder, 'a');
  const whole = pcap([
    ...open(get(imei), 1001),
    ...open(get(imei), 1002),
    ...open(get(Buffer.from(imei).toString('base64')), 1003),
  ]);
  const cut = whole.length - 20;
  const first = pcap(open(get(imei), 1001)).length;
  writeFileSync(path, whole.subarray(0, first - 5));
  live.begin(path);
  await until(() => states.at(-1)?.searchedBytes === first - 5);
  expect(sights).toEqual([]);
  appendFileSync(path, whole.subarray(first - 5, cut));
  await until(() => sights.length > 0);
  expect(sights[0]).toMatchObject({
    identifier: { id: 'I1', kind: 'imei' },
    representation: 'plain',
    channel: 'cleartext',
    direction: 'to-server',
    host: 'api.example',
    frame: 4,
    at: '2014-08-07T10:00:00.003000Z',
  });
  appendFileSync(path, whole.subarray(cut));
  await until(() => sights.length > 1);
  expect(sights.map((one) => [one.representation, one.frame])).toEqual([
    ['plain', 4],
    ['encoded', 12],
  ]);
  expect(wordSight('en', sights[0] as LiveSight)).toMatch(
    /^first seen: IMEI \(I1\) plain in cleartext to api\.example \(/,
  );
  expect(wordSight('en', sights[0] as LiveSight)).not.toContain(imei);
  expect(wordSight('zh-Hant', sights[1] as LiveSight)).toContain('base64');
});

it('goes on in the next file, also when the one before was moved, and counts frames in each anew', async () => {
  const packets = open(get(imei), 1001);
  const [a, b] = [join(folder, 'a'), join(folder, 'b')];
  writeFileSync(a, pcap(packets.slice(0, 3)));
  live.begin(a);
  renameSync(a, join(folder, 'moved'));
  writeFileSync(b, pcap(packets.slice(3)));
  live.begin(b);
  await until(() => sights.length > 0);
  await live.end();
  expect(sights.map((one) => one.frame)).toEqual([1]);
  expect(states.at(-1)).toMatchObject({ behindBytes: 0, flows: 1 });
  expect(failures).toEqual([]);
});

it('what is no capture harms nothing and ends in order', async () => {
  const path = join(folder, 'a');
  writeFileSync(path, 'this was never a capture '.repeat(5000));
  live.begin(path);
  await until(() => states.length > 0);
  await live.end();
  expect([sights, failures]).toEqual([[], []]);
});

it('says how far it is behind and that it caught up, not more often than one can read', () => {
  const said: string[] = [];
  const lines = liveLines({ lang: 'en' }, (line) => said.push(line));
  const state = (behindBytes: number): LiveState => ({ searchedBytes: 0, behindBytes, flows: 0 });
  for (const behind of [0, 1000, 80_000_000, 90_000_000, 1000, 0, 0]) lines.onState(state(behind));
  expect(said).toHaveLength(2);
  expect(said[0]).toContain('80 MB behind');
  expect(said[1]).toContain('caught up');
});
