import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setHook } from '../../../main/evidence/hooks.ts';
import type { CaseWriter } from '../../../main/evidence/case-writer.ts';
import { createCase, openCaseForWriting } from '../../../main/evidence/open-case.ts';
import type { Result } from '../../../shared/model/problem.ts';
import { draftOf, fileMeta, fillIndex, readFinal } from '../../unit/evidence/case-fixture.ts';

/**
 * A real writer process: `node writer.ts MODE DIRECTORY`. Prints one line «ack JSON» after each thing that returned.
 * With HANDSIGHT_COUNT_HOOKS it lists the points that it passes, in order, at its end.
 */
export type Ack =
  | {
      readonly what: 'row';
      readonly table: 'handsets' | 'identifiers' | 'decisions' | 'handsetChanges';
      readonly count: number;
    }
  | { readonly what: 'exhibit'; readonly id: string; readonly sha256: string; readonly bytes: number }
  | { readonly what: 'checkpoint'; readonly bytes: number; readonly sha256: string }
  | { readonly what: 'index'; readonly generation: number }
  | { readonly what: 'case' | 'closed' | 'ready' };

const passed: string[] = [];
if (process.env['HANDSIGHT_COUNT_HOOKS'] !== undefined) setHook((name) => void passed.push(name));

function ack(line: Ack): void {
  fs.writeSync(1, `ack ${JSON.stringify(line)}\n`);
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problem));
  return result.value;
}

function stream(writer: CaseWriter, text: string): ReturnType<typeof beginStream> {
  const arriving = beginStream(writer);
  for (const part of [text, text.toUpperCase()]) {
    must(arriving.write(Buffer.from(part.repeat(300))));
    ack({ what: 'checkpoint', ...must(arriving.checkpoint()) });
  }
  must(arriving.write(Buffer.from('behind the last checkpoint')));
  return arriving;
}

const beginStream = (writer: CaseWriter) => must(writer.beginExhibit(fileMeta({ kind: 'capture' })));

function store(writer: CaseWriter, text: string): void {
  const { id, sha256, bytes } = must(writer.storeExhibit(Buffer.from(text), fileMeta(), readFinal));
  ack({ what: 'exhibit', id, sha256, bytes });
}

function build(writer: CaseWriter): void {
  const builder = must(writer.beginIndex('engine-1'));
  fillIndex(builder);
  ack({ what: 'index', generation: must(builder.publish()).generation });
}

/** Everything that a case can live through. */
function live(directory: string): void {
  const info = { number: '1', title: 'T', examiner: 'Lin', synthetic: true };
  const writer = must(createCase(directory, info));
  ack({ what: 'case' });
  must(writer.addHandset({ label: 'Redmi', serial: null, role: 'exhibit' }));
  ack({ what: 'row', table: 'handsets', count: 1 });
  must(writer.addIdentifier({ handset: 'H1', kind: 'ssid', value: 'x', original: 'x', source: 'typed', warnings: [] }));
  ack({ what: 'row', table: 'identifiers', count: 1 });
  must(writer.beginAcquisition({ handset: 'H1', label: 'before', run: null, profile: 'quick', serial: 's' }));
  const file = '/data/local/tmp/handsight-0123456789ab.png';
  const change = must(
    writer.beginChange({
      handset: 'H1',
      serial: 's',
      act: 'A1',
      command: `screencap -p ${file}`,
      reason: 'screenshot',
      undo: [{ type: 'remove-file', path: file }],
      identity: null,
    }),
  );
  ack({ what: 'row', table: 'handsetChanges', count: 1 });
  must(writer.endChange(change, { outcome: 'undone', why: null }));
  store(writer, 'first');
  store(writer, 'second');
  store(writer, 'first');
  const { id, sha256, bytes } = must(stream(writer, 'streamed ').finish(readFinal));
  ack({ what: 'exhibit', id, sha256, bytes });
  build(writer);
  must(writer.allotNumbers([draftOf('aa').key, draftOf('bb').key]));
  must(writer.decide('aa', { verdict: 'confirm', reason: 'seen' }));
  ack({ what: 'row', table: 'decisions', count: 1 });
  must(stream(writer, 'given up ').abandon('cancelled'));
  stream(writer, 'left in the air ');
  writer.close();
  ack({ what: 'closed' });
  recover(directory);
}

/** What the next start does: adopts, writes a row, builds the index, closes. */
function recover(directory: string): void {
  const writer = must(openCaseForWriting(directory, 'recovering'));
  for (const { id, sha256, bytes } of writer.adopted) ack({ what: 'exhibit', id, sha256, bytes });
  if (writer.handsets().length > 0) store(writer, `after ${writer.exhibits().length}`);
  build(writer);
  writer.close();
  ack({ what: 'closed' });
}

/** Holds the case until killed. */
function hold(directory: string): void {
  const writer = must(openCaseForWriting(directory, 'holding on'));
  must(writer.addHandset({ label: 'held', serial: null, role: 'twin' }));
  const arriving = beginStream(writer);
  must(arriving.write(Buffer.from('held')));
  ack({ what: 'checkpoint', ...must(arriving.checkpoint()) });
  ack({ what: 'ready' });
  // What nothing refers to is collected, and its database closed: the case would be free again.
  setInterval(() => void [writer, arriving], 1000);
}

/** True when `sha256` is of the first `bytes` of the file. */
export function beginsWith(file: string, bytes: number, sha256: string): boolean {
  const content = fs.readFileSync(file);
  const head = createHash('sha256').update(content.subarray(0, bytes)).digest('hex');
  return content.length >= bytes && head === sha256;
}

const [mode, where] = process.argv.slice(2);
if (path.basename(process.argv[1] ?? '') === 'writer.ts' && where !== undefined) {
  if (mode === 'live') live(where);
  if (mode === 'recover') recover(where);
  if (mode === 'hold') hold(where);
  if (passed.length > 0) fs.writeSync(1, `hooks ${JSON.stringify(passed)}\n`);
}
