import type { ReportFinding } from './report-input.ts';

/** One step that a reader takes with the exhibit in hand; `purpose` is worded under `repeat.<purpose>`. */
export interface RepeatStep {
  readonly purpose: 'frames' | 'bytes' | 'body' | 'decode' | 'request' | 'chat' | 'line' | 'recipe' | 'value';
  /** For a POSIX shell in the case folder; `$I3` stands for the value of identifier I3. */
  readonly command: string;
  /** What it prints, where that can be said without showing an identifier. */
  readonly expect: string | null;
}

/** An exhibit's file in the case is named by its hash: that is what a reader has. */
export function exhibitFile(sha256: string): string {
  return `exhibits/${sha256.slice(0, 2)}/${sha256}`;
}

/** The commands that lead from an exhibit to a finding, and from the identifier to its bytes. No value stands in them. */
export function repeatFinding(one: ReportFinding): RepeatStep[] {
  const { finding } = one;
  const steps = finding.frames.length > 0 ? captureSteps(one) : recordSteps(one);
  const recipe = finding.identifier === null ? null : recipeOf(finding.identifier.id, finding.transform);
  if (recipe !== null) steps.push(recipe);
  return steps;
}

function captureSteps(one: ReportFinding): RepeatStep[] {
  const { finding, context, bodyOffset } = one;
  const file = exhibitFile(finding.exhibitSha256);
  const steps: RepeatStep[] = [];
  if (finding.filter !== null) {
    steps.push({
      purpose: 'frames',
      command: `tshark -r ${file} -Y '${finding.filter}' -T fields -e frame.number`,
      expect: finding.frames.map(({ frame }) => String(frame)).join(', '),
    });
  }
  const length = context === null ? null : context.matchEnd - context.matchStart;
  if (bodyOffset !== null && length !== null) return [...steps, ...bodySteps(file, bodyOffset, length)];
  if (finding.streamOffset !== null && length !== null) {
    const cut = `tail -c +${finding.streamOffset + 1} | head -c ${length}`;
    const bytes = streamBytes(one, file);
    if (bytes !== null) steps.push({ purpose: 'bytes', command: `${bytes} | ${cut}`, expect: null });
    return steps;
  }
  return [...steps, ...signalSteps(one, file)];
}

/** tshark's own reassembly of one direction, or the payload of one datagram. */
function streamBytes({ finding }: ReportFinding, file: string): string | null {
  const [, transport, stream] = /\b(tcp|udp)\.stream==(\d+)/.exec(finding.filter ?? '') ?? [];
  if (transport === undefined || stream === undefined) return null;
  if (transport === 'udp') return `tshark -r ${file} -Y '${finding.filter ?? ''}' -T fields -e udp.payload | xxd -r -p`;
  // «follow» indents what the second node sent: without a tab it is the client's.
  const side = finding.direction === 'to-client' ? "grep -P '^\\t[0-9a-f]+$'" : "grep -E '^[0-9a-f]+$'";
  return `tshark -r ${file} -q -z follow,tcp,raw,${stream} | ${side} | xxd -r -p`;
}

/** Bodies as tshark gives them, de-chunked and decompressed, one file each. */
function bodySteps(file: string, bodyOffset: number, length: number): RepeatStep[] {
  return [
    { purpose: 'body', command: `tshark -r ${file} -q --export-objects http,bodies`, expect: null },
    {
      purpose: 'bytes',
      command: `for f in bodies/*; do tail -c +${bodyOffset + 1} "$f" | head -c ${length}; echo "  $f"; done`,
      expect: null,
    },
  ];
}

/** What shows a service at work has no offset: the request itself, or the beginning of its stream. */
function signalSteps({ finding }: ReportFinding, file: string): RepeatStep[] {
  const stream = /\btcp\.stream==(\d+)/.exec(finding.filter ?? '')?.[1];
  if (finding.field === 'chat-stream' && stream !== undefined) {
    return [
      { purpose: 'chat', command: `tshark -r ${file} -q -z follow,tcp,ascii,${stream} | head -n 12`, expect: null },
    ];
  }
  if (finding.filter === null || stream === undefined) return [];
  const fields = '-e http.request.method -e http.host -e http.request.uri';
  return [
    { purpose: 'request', command: `tshark -r ${file} -Y '${finding.filter}' -T fields ${fields}`, expect: null },
  ];
}

function recordSteps({ finding, place }: ReportFinding): RepeatStep[] {
  if (place === null || place.line === null) return [];
  const command = `sed -n '${place.line}p' ${exhibitFile(finding.exhibitSha256)}`;
  return [{ purpose: 'line', command, expect: null }];
}

/** Steps of a transform as parts of a shell pipeline, by name (analysis/transforms). */
const pipes: Readonly<Record<string, string>> = {
  md5: 'openssl dgst -md5 -binary',
  sha1: 'openssl dgst -sha1 -binary',
  sha256: 'openssl dgst -sha256 -binary',
  hex: 'xxd -p -c 256',
  base64: 'base64 -w 0',
  base64url: 'basenc --base64url -w 0',
  'utf-16le': 'iconv -f UTF-8 -t UTF-16LE',
  percent: 'perl -pe \'s/([^A-Za-z0-9_.~*-])/sprintf("%%%02X", ord $1)/ge\'',
};

const digests = new Set(['md5', 'sha1', 'sha256']);

/** From the identifier to the bytes; null where a step has no customary command. */
function recipeOf(id: string, transform: readonly string[]): RepeatStep | null {
  if (transform.length === 0) return { purpose: 'value', command: `printf %s "$${id}"`, expect: null };
  // Base64 of a longer text holds the value at a position that only decoding shows.
  if (transform.includes('base64') && !transform.some((step) => digests.has(step))) {
    const decode = "tr '_-' '/+' | base64 -d";
    return { purpose: 'decode', command: `printf %s "$RUN" | ${decode} | grep -aF -- "$${id}"`, expect: null };
  }
  const parts: string[] = [`printf %s "$${id}"`];
  for (const step of transform) {
    const [, where, count] = /^(first|middle)-(\d+)$/.exec(step) ?? [];
    const pipe = where === 'first' ? `head -c ${count ?? ''}` : where === 'middle' ? 'cut -c 9-24' : pipes[step];
    if (pipe === undefined) return null;
    parts.push(pipe);
  }
  return { purpose: 'recipe', command: parts.join(' | '), expect: null };
}
