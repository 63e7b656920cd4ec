import { foldCommand, onExhibit } from './command-lines.ts';
import { recipeCommand, undoing, variableOf } from './repeat-pipes.ts';
import type { ReportFinding } from './report-input.ts';

export { exhibitFile } from './command-lines.ts';

/** One step that a reader takes with the exhibit in hand; `purpose` is worded under `repeat.<purpose>`. */
export interface RepeatStep {
  readonly purpose:
    | 'frames'
    | 'bytes'
    | 'body'
    | 'raw'
    | 'raw-frames'
    | 'decode'
    | 'request'
    | 'hello'
    | 'chat'
    | 'line'
    | 'recipe'
    | 'value';
  /** For a POSIX shell in the case folder, folded for paper; `$I3` stands for the value of identifier I3. */
  readonly command: string;
  /** What it prints, where that can be said without showing an identifier. */
  readonly expect: string | null;
  /** Steps of the decoding that the command leaves undone (`raw`): what it prints is the bytes before them. */
  readonly left?: readonly string[];
  /** A variable that stands for the identifier in another form than its canonical value. */
  readonly variable?: string;
}

/** The commands that lead from an exhibit to a finding, and from the identifier to its bytes. No value stands in them. */
export function repeatFinding(one: ReportFinding): RepeatStep[] {
  const { finding } = one;
  const steps = finding.frames.length > 0 ? captureSteps(one) : recordSteps(one);
  if (finding.identifier === null) return steps;
  const recipe = isInBase64(finding.transform) ? decodeStep(one) : recipeOf(one);
  return recipe === null ? steps : [...steps, recipe];
}

function captureSteps(one: ReportFinding): RepeatStep[] {
  const { finding } = one;
  const { filter } = finding;
  if (filter === null) return [];
  const frames: RepeatStep = {
    purpose: 'frames',
    command: onExhibit(finding.exhibitSha256, `tshark -r "$E" -Y '${filter}' -T fields -e frame.number`),
    // The command reads one file; what lies in the next file of a recording is told with the finding.
    expect: finding.frames
      .filter(({ exhibit }) => exhibit === finding.frames[0]?.exhibit)
      .map(({ frame }) => String(frame))
      .join(', '),
  };
  return [frames, placeStep(one, filter)];
}

/** The bytes themselves, or what comes nearest to them without a program of ours. */
function placeStep(one: ReportFinding, filter: string): RepeatStep {
  const { finding, bodyOffset } = one;
  const sha256 = finding.exhibitSha256;
  if (finding.streamOffset === null) return signalStep(one, filter);
  const found = bytesAt(one);
  if (found !== null) {
    const command = `${found.source} | tail -c +${found.from} | head -c ${found.length}`;
    return { purpose: bodyOffset === null ? 'bytes' : 'body', command: onExhibit(sha256, command), expect: null };
  }
  const bytes = streamBytes(one, filter);
  if (bytes === null) return frameDump(one, filter);
  const command = `${bytes} | tail -c +${finding.streamOffset + 1} | head -c ${rawBytes} | xxd`;
  return { purpose: 'raw', command: onExhibit(sha256, command), expect: null, left: one.decodings };
}

/** Bytes shown where they can be shown only as they are on the wire. */
const rawBytes = 128;

interface BytesAt {
  readonly source: string;
  /** 1-based, as `tail -c +N` counts. */
  readonly from: number;
  readonly length: number;
}

/** The pipeline to the match's own bytes; null where a decoding has no customary command or nothing is known of the place. */
function bytesAt(one: ReportFinding): BytesAt | null {
  const { finding, context, bodyOffset } = one;
  const bytes = streamBytes(one, finding.filter ?? '');
  if (finding.streamOffset === null || context === null || bytes === null) return null;
  const length = context.matchEnd - context.matchStart;
  if (bodyOffset === null)
    return one.decodings.length === 0 ? { source: bytes, from: finding.streamOffset + 1, length } : null;
  const steps = one.decodings.length === 0 ? null : undoing(one.decodings);
  // Only a body of a stream has a head that a blank line ends; a datagram's text was read from its fields.
  if (steps === null || !bytes.includes('follow')) return null;
  // The body that the offset lies in begins after the last blank line before it.
  const cut = `perl -0777 -ne 'print substr($_, rindex($_, "\\r\\n\\r\\n", ${finding.streamOffset}) + 4)'`;
  return { source: [bytes, cut, ...steps].join(' | '), from: bodyOffset + 1, length };
}

/** tshark's own reassembly of one direction, or the payload of datagrams. */
function streamBytes({ finding }: ReportFinding, filter: string): string | null {
  const [, transport, stream] = /\b(tcp|udp)\.stream==(\d+)/.exec(filter) ?? [];
  if (transport === undefined || stream === undefined) return null;
  if (transport === 'udp') return `tshark -r "$E" -Y '${filter}' -T fields -e udp.payload | head -n 1 | xxd -r -p`;
  // «follow» indents what the second node sent: without a tab it is the client's.
  const side = finding.direction === 'to-client' ? "grep -P '^\\t[0-9a-f]+$'" : "grep -E '^[0-9a-f]+$'";
  return `tshark -r "$E" -q -z follow,tcp,raw,${stream} | ${side} | xxd -r -p`;
}

/** What shows a service at work has no offset: the request itself, the name that was asked for, or the beginning of its stream. */
function signalStep(one: ReportFinding, filter: string): RepeatStep {
  const { finding } = one;
  const sha256 = finding.exhibitSha256;
  const [stream, transport, number] = /\b(tcp|udp)\.stream==(\d+)/.exec(filter) ?? [];
  if (stream === undefined || number === undefined) return frameDump(one, filter);
  // By default tshark drops segments that came out of order from what it dissects, though not from what it follows.
  const ordered = 'tshark -o tcp.reassemble_out_of_order:TRUE -r "$E"';
  if (finding.field === 'tls.sni') {
    const name = 'tls.handshake.extensions_server_name';
    const command = `${ordered} -Y '${stream} && ${name}' -T fields -e frame.number -e ${name}`;
    return { purpose: 'hello', command: onExhibit(sha256, command), expect: null };
  }
  if (transport !== 'tcp' || finding.contentKnownBy === 'keylog') return frameDump(one, filter);
  if (finding.field === 'chat-stream') {
    const command = `tshark -r "$E" -q -z follow,tcp,ascii,${number} | head -n 12`;
    return { purpose: 'chat', command: onExhibit(sha256, command), expect: null };
  }
  // Of HTTP/1 the lines stand in the stream, whatever its port; of HTTP/2 only tshark's decompression shows them.
  const lines = `${streamBytes(one, filter) ?? ''} | grep -aiE '^([A-Z]+ [^ ]+ HTTP/1|Host:)'`;
  const fields = ['method', 'authority', 'path'].map((name) => `-e http2.headers.${name}`).join(' ');
  const command = `${lines} || ${ordered} -Y '${stream} && http2.headers.method' -T fields ${fields}`;
  return { purpose: 'request', command: onExhibit(sha256, command), expect: null };
}

/** Where nothing better can be said: the frames as they are. */
function frameDump({ finding, decodings }: ReportFinding, filter: string): RepeatStep {
  const command = `tshark -r "$E" -Y '${filter}' -x`;
  return { purpose: 'raw-frames', command: onExhibit(finding.exhibitSha256, command), expect: null, left: decodings };
}

function recordSteps({ finding, place }: ReportFinding): RepeatStep[] {
  if (place === null || place.line === null) return [];
  return [{ purpose: 'line', command: onExhibit(finding.exhibitSha256, `sed -n '${place.line}p' "$E"`), expect: null }];
}

/** Base64 of a longer text holds the value at a position that only decoding shows. */
function isInBase64(transform: readonly string[]): boolean {
  return transform.length === 1 && transform[0]?.startsWith('base64') === true;
}

const base64Character = /[A-Za-z0-9+/_=-]/;

/** Cuts out the whole base64 value around the match, decodes it and looks for the identifier in it. */
function decodeStep(one: ReportFinding): RepeatStep | null {
  const { context, finding } = one;
  const found = finding.filter === null ? null : bytesAt(one);
  const { identifier } = finding;
  if (context === null || found === null || identifier === null) return null;
  const text = Buffer.from(context.base64, 'base64').toString('latin1');
  let start = context.matchStart;
  let end = context.matchEnd;
  while (start > 0 && base64Character.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && base64Character.test(text.charAt(end))) end += 1;
  // A value that goes on beyond the bytes that were kept would be decoded from a wrong place.
  if (start === 0) return null;
  const from = found.from - (context.matchStart - start);
  const decode = `tr '_-' '/+' | base64 -d 2>/dev/null | grep -aoF -- "$${variableOf(identifier.id, finding.form ?? null)}"`;
  const command = `${found.source} | tail -c +${from} | head -c ${end - start} | ${decode}`;
  return { purpose: 'decode', command: onExhibit(finding.exhibitSha256, command), expect: null, ...ofForm(finding) };
}

/** From the identifier to the bytes; null where a step has no customary command. */
function recipeOf({ finding }: ReportFinding): RepeatStep | null {
  const { identifier, transform, form } = finding;
  if (identifier === null) return null;
  const command = recipeCommand(variableOf(identifier.id, form ?? null), transform);
  if (command === null) return null;
  const purpose = transform.length === 0 ? 'value' : 'recipe';
  return { purpose, command: foldCommand(command), expect: null, ...ofForm(finding) };
}

function ofForm({ identifier, form }: ReportFinding['finding']): Pick<RepeatStep, 'variable'> {
  return identifier === null || form === null || form === undefined
    ? {}
    : { variable: variableOf(identifier.id, form) };
}
