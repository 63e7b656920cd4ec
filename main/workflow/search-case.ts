import { readSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { Problem, Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { compilePatterns } from '../analysis/search/patterns.ts';
import type { Hit } from '../analysis/search/hit.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import { readProblemOf } from '../evidence/durable-files.ts';
import { openCaseForReading } from '../evidence/open-case.ts';
import { defaultWorkers } from './analyse.ts';
import { bytesOf, CaptureParts, captureInput, wholeCaptures } from './capture-parts.ts';
import type { WholeCapture } from './capture-parts.ts';
import type { Conduct } from './conduct.ts';
import type { Gap } from './gaps.ts';
import { faultGap, gap, wordGap } from './gaps.ts';
import { notedSecrets } from './own-secrets-note.ts';
import type { SecretsPlaces } from './own-secrets-note.ts';
import { readCaptures } from './read-captures.ts';
import { problemOfFailure } from './store-failure.ts';

export interface SearchHit {
  readonly exhibit: string;
  /** `bytes` of the exhibit as it lies in the vault; `stream`, `datagram` or `body` of its traffic. */
  readonly where: string;
  readonly offset: number | null;
  /** How it is written there: `utf-8`, `utf-16le`, `bytes`, or the transform steps. */
  readonly form: string;
  readonly context: string;
  readonly frame: number | null;
}

export interface SearchDone {
  readonly hits: readonly SearchHit[];
  readonly exhibitsSearched: number;
  readonly bytesSearched: number;
  /** Limits that bit, one a line. */
  readonly limits: readonly string[];
}

const maxHits = 10_000;
const maxTextLength = 500;
const blockBytes = 4 * 1024 * 1024;

/**
 * Looks for a text, number or hex string through every exhibit: as raw bytes in several writings (letters of either case),
 * and in captures also through reassembled and decoded content with every transform of a custom value.
 */
export async function searchCase(directory: string, text: string, conduct: Conduct): Promise<Result<SearchDone>> {
  if (text.trim() === '' || text.length > maxTextLength)
    return fail('value-invalid', { what: 'search', value: text.slice(0, 100) });
  const reader = openCaseForReading(directory);
  if (!reader.ok) return reader;
  try {
    return await searchOpen(reader.value, text, conduct);
  } catch (error) {
    return problemOfFailure(error, directory, 'read');
  } finally {
    reader.value.close();
  }
}

async function searchOpen(reader: CaseReader, text: string, conduct: Conduct): Promise<Result<SearchDone>> {
  const exhibits = reader.exhibits();
  const hits: SearchHit[] = [];
  const limits: Gap[] = [];
  const needles = needlesOf(text);
  let bytesDone = 0;
  const total = exhibits.reduce((sum, one) => sum + one.bytes, 0);
  const searched: Exhibit[] = [];
  const tell = (done: number): void =>
    conduct.progress({ task: 'search', step: 'exhibits', done, total, unit: 'bytes', note: null });
  for (const exhibit of exhibits) {
    if (conduct.signal.aborted) return fail('interrupted');
    const opened = reader.openExhibit(exhibit.id);
    if (opened.ok) {
      try {
        await searchBytes(opened.value.fd, exhibit.id, needles, hits, conduct.signal, (bytes) =>
          tell(bytesDone + bytes),
        );
        searched.push(exhibit);
      } catch (error) {
        limits.push(unsearched(exhibit, readProblemOf(error, exhibit.id).problem));
      } finally {
        opened.value.close();
      }
    } else limits.push(unsearched(exhibit, opened.problem));
    bytesDone += exhibit.bytes;
    tell(bytesDone);
  }
  const captures = searched.filter((one) => one.kind === 'capture');
  limits.push(...(await searchTraffic(reader, captures, searched, text, hits, conduct)));
  if (conduct.signal.aborted) return fail('interrupted');
  if (hits.length >= maxHits) limits.push(gap('hits-limit', { count: maxHits }));
  return ok({
    hits,
    exhibitsSearched: searched.length,
    bytesSearched: searched.reduce((sum, one) => sum + one.bytes, 0),
    limits: limits.map((one) => wordGap(conduct.lang, one)),
  });
}

interface Needle {
  readonly form: string;
  readonly bytes: Buffer;
  /** Letters of either case match. */
  readonly fold: boolean;
}

function needlesOf(text: string): Needle[] {
  const needles: Needle[] = [
    { form: 'utf-8', bytes: foldAscii(Buffer.from(text, 'utf8')), fold: true },
    { form: 'utf-16le', bytes: foldAscii(Buffer.from(text, 'utf16le')), fold: true },
    { form: 'utf-16be', bytes: foldAscii(Buffer.from(text, 'utf16le').swap16()), fold: true },
  ];
  const hex = text.replace(/^0x|[\s:]/gi, '');
  if (hex.length >= 4 && hex.length % 2 === 0 && /^[0-9a-f]+$/i.test(hex)) {
    needles.push({ form: 'bytes', bytes: Buffer.from(hex, 'hex'), fold: false });
  }
  return needles;
}

/** Lower case of ASCII letters, in place. */
function foldAscii(bytes: Buffer): Buffer {
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) bytes[at] = byte + 0x20;
  }
  return bytes;
}

/** What was not looked through is told by name: no hit in it means nothing. */
function unsearched({ id, originalName }: Exhibit, problem: Problem): Gap {
  return gap('exhibit-problem', { exhibit: id, name: originalName, problem: problem.code });
}

async function searchBytes(
  file: number,
  exhibit: string,
  needles: readonly Needle[],
  hits: SearchHit[],
  signal: AbortSignal,
  onBytes: (done: number) => void,
): Promise<void> {
  const longest = Math.max(...needles.map((one) => one.bytes.length));
  const keep = longest - 1;
  const raw = Buffer.allocUnsafe(blockBytes + keep);
  let kept = 0;
  let position = 0;
  for (;;) {
    const read = readSync(file, raw, kept, blockBytes, position);
    if (read === 0) return;
    const view = raw.subarray(0, kept + read);
    const folded = foldAscii(Buffer.from(view));
    const base = position - kept;
    for (const needle of needles) {
      const hay = needle.fold ? folded : view;
      for (let at = hay.indexOf(needle.bytes); at >= 0; at = hay.indexOf(needle.bytes, at + 1)) {
        // What lies wholly in the kept tail was found in the block before.
        if (at + needle.bytes.length <= kept) continue;
        if (hits.length >= maxHits) return;
        const context = printable(view.subarray(Math.max(0, at - 24), at + needle.bytes.length + 24));
        hits.push({ exhibit, where: 'bytes', offset: base + at, form: needle.form, context, frame: null });
      }
    }
    position += read;
    kept = Math.min(keep, view.length);
    raw.copyWithin(0, view.length - kept, view.length);
    onBytes(position);
    // Signals are heard between blocks.
    await setImmediate();
    if (signal.aborted) return;
  }
}

function printable(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '·')).join('');
}

/** Reassembled and decoded content, with the transforms of a custom value. */
async function searchTraffic(
  reader: CaseReader,
  captures: readonly Exhibit[],
  searched: readonly Exhibit[],
  text: string,
  hits: SearchHit[],
  conduct: Conduct,
): Promise<Gap[]> {
  const patterns = compilePatterns([{ id: 'Q', handset: 'Q', kind: 'custom', value: text }]);
  if (patterns.counts.literals === 0 && patterns.counts.digests === 0) {
    return captures.length === 0 ? [] : [gap('raw-search-only')];
  }
  const limits: Gap[] = [];
  const wholes = wholeCaptures(captures, reader.joinedCaptures());
  const parts = wholes.map((one) => new CaptureParts(one));
  const total = wholes.reduce((sum, one) => sum + bytesOf(one), 0);
  const known = notesFor(reader, wholes);
  const { threadsEnded } = await readCaptures(
    wholes.map((one, n) => ({ ...captureInput(reader, one, searched), ownSecrets: known[n] ?? [] })),
    patterns,
    defaultWorkers(),
    {
      onBatch: (input, batch) => {
        const part = parts[input];
        for (const hit of batch.hits) {
          if (part !== undefined && hits.length < maxHits) hits.push(trafficHit(part, hit));
        }
      },
      onFile: (input, start) => parts[input]?.begin(start),
      onDone: (input, done) => {
        const exhibit = parts[input]?.first;
        if (exhibit === undefined) return;
        for (const { cap, count } of done.search.capsBitten) {
          limits.push(faultGap(exhibit, { code: cap, detail: '', count }));
        }
      },
      onProgress: (done, step) =>
        conduct.progress({ task: 'search', step, done: Math.min(done, total), total, unit: 'bytes', note: null }),
    },
    conduct.signal,
  );
  await threadsEnded;
  return limits;
}

/** Where each capture holds secrets, as far as the last analysis has noted it: what is known is not looked for again. */
function notesFor(reader: CaseReader, wholes: readonly WholeCapture[]): readonly (readonly SecretsPlaces[])[] {
  const index = reader.openIndex();
  if (!index.ok) return [];
  try {
    return wholes.map(({ exhibits }) =>
      notedSecrets(
        index.value,
        exhibits.map(({ id }) => id),
      ),
    );
  } finally {
    index.value.close();
  }
}

function trafficHit(parts: CaptureParts, hit: Hit): SearchHit {
  const { bytes } = hit.context;
  const [frame] = hit.origin.frames;
  const place = frame === undefined ? null : parts.placeOf(frame);
  return {
    exhibit: place?.exhibit ?? parts.first.id,
    where: hit.layer === 'body' ? `body (${hit.decodings.join(', ')})` : hit.layer,
    offset: hit.layer === 'body' ? hit.bodyOffset : hit.origin.streamOffset,
    form: hit.transform.length === 0 ? 'plain' : hit.transform.join(' → '),
    context: printable(bytes),
    frame: place?.frame ?? null,
  };
}
