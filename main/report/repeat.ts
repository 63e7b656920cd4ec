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
  if (finding.identifier === null) return steps;
  const recipe = isInBase64(finding.transform)
    ? decodeStep(one, steps)
    : recipeOf(finding.identifier.id, finding.transform);
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
  const bytes = streamBytes(one, file);
  if (finding.streamOffset === null || length === null || bytes === null) return [...steps, ...signalSteps(one, file)];
  if (bodyOffset === null) {
    const command = `${bytes} | tail -c +${finding.streamOffset + 1} | head -c ${length}`;
    return [...steps, { purpose: 'bytes', command, expect: null }];
  }
  const body = bodyBytes(bytes, finding.streamOffset, one.decodings);
  if (body === null) return steps;
  const command = `${body} | tail -c +${bodyOffset + 1} | head -c ${length}`;
  return [...steps, { purpose: 'body', command, expect: null }];
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

/** What undoes an encoding of a message body (RFC 9112 7.1, RFC 9110 8.4.1), reading no further than the body's own end. */
const undo: Readonly<Record<string, string>> = {
  chunked: `perl -0777 -ne 'while (s/^([0-9a-f]+)[^\\n]*\\n//i) { last unless $n = hex $1; print substr($_, 0, $n, ""); s/^\\r\\n// }'`,
  gzip: 'gunzip -c 2>/dev/null',
  deflate: "perl -MIO::Uncompress::AnyInflate=anyinflate -e 'anyinflate(\\*STDIN => \\*STDOUT, RawInflate => 1)'",
};

/** The body that the offset lies in begins after the last blank line before it. */
function bodyBytes(stream: string, offset: number, decodings: readonly string[]): string | null {
  const cut = `perl -0777 -ne 'print substr($_, rindex($_, "\\r\\n\\r\\n", ${offset}) + 4)'`;
  const steps = decodings.map((step) => undo[step]);
  return steps.some((step) => step === undefined) ? null : [stream, cut, ...steps].join(' | ');
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

/** Base64 of a longer text holds the value at a position that only decoding shows. */
function isInBase64(transform: readonly string[]): boolean {
  return transform.length === 1 && transform[0]?.startsWith('base64') === true;
}

const base64Character = /[A-Za-z0-9+/_=-]/;

/** Cuts out the whole base64 value around the match, decodes it and looks for the identifier in it. */
function decodeStep({ context, finding }: ReportFinding, steps: readonly RepeatStep[]): RepeatStep | null {
  const found = steps.find(({ purpose }) => purpose === 'bytes' || purpose === 'body')?.command;
  const [, source, offset] = /^(.*) \| tail -c \+(\d+) \| head -c \d+$/s.exec(found ?? '') ?? [];
  if (context === null || source === undefined) return null;
  const text = Buffer.from(context.base64, 'base64').toString('latin1');
  let start = context.matchStart;
  let end = context.matchEnd;
  while (start > 0 && base64Character.test(text.charAt(start - 1))) start -= 1;
  while (end < text.length && base64Character.test(text.charAt(end))) end += 1;
  // A value that goes on beyond the bytes that were kept would be decoded from a wrong place.
  if (start === 0) return null;
  const from = Number(offset) - (context.matchStart - start);
  const decode = `tr '_-' '/+' | base64 -d 2>/dev/null | grep -aoF -- "$${finding.identifier?.id ?? ''}"`;
  return {
    purpose: 'decode',
    command: `${source} | tail -c +${from} | head -c ${end - start} | ${decode}`,
    expect: null,
  };
}

/** From the identifier to the bytes; null where a step has no customary command. */
function recipeOf(id: string, transform: readonly string[]): RepeatStep | null {
  if (transform.length === 0) return { purpose: 'value', command: `printf %s "$${id}"`, expect: null };
  const parts: string[] = [`printf %s "$${id}"`];
  for (const step of transform) {
    const [, where, count] = /^(first|middle)-(\d+)$/.exec(step) ?? [];
    const pipe = where === 'first' ? `head -c ${count ?? ''}` : where === 'middle' ? 'cut -c 9-24' : pipes[step];
    if (pipe === undefined) return null;
    parts.push(pipe);
  }
  return { purpose: 'recipe', command: parts.join(' | '), expect: null };
}
