/** Customary programs that undo what lies between the wire and a value, and that make a value's writings. */

/**
 * What undoes an encoding of a message body (RFC 9112 7.1, RFC 9110 8.4.1, RFC 8878), reading no further than the body's
 * own end. Of others (Brotli's program gives nothing where more follows; HPACK, WebSocket …) no simple command can be made.
 */
const undo: Readonly<Record<string, string>> = {
  chunked: `perl -0777 -ne 'while (s/^([0-9a-f]+)[^\\n]*\\n//i) { last unless $n = hex $1; print substr($_, 0, $n, ""); s/^\\r\\n// }'`,
  gzip: 'gunzip -c 2>/dev/null',
  deflate: inflateAny(),
  zlib: inflateAny(),
  'deflate-raw': inflateAny(),
  zstd: 'zstd -dc 2>/dev/null',
};

function inflateAny(): string {
  return "perl -MIO::Uncompress::AnyInflate=anyinflate -e 'anyinflate(\\*STDIN => \\*STDOUT, RawInflate => 1)'";
}

/** Commands that undo the steps, outermost first; null where one of them has none. `gzip?` is gzip that no header named. */
export function undoing(decodings: readonly string[]): readonly string[] | null {
  const commands = decodings.flatMap((step) => undo[step.replace(/\?$/, '')] ?? []);
  return commands.length === decodings.length ? commands : null;
}

/** Steps of a transform as parts of a shell pipeline, by name (analysis/transforms). */
const pipes: Readonly<Record<string, string>> = {
  md5: 'openssl dgst -md5 -binary',
  sha1: 'openssl dgst -sha1 -binary',
  sha256: 'openssl dgst -sha256 -binary',
  sha384: 'openssl dgst -sha384 -binary',
  sha512: 'openssl dgst -sha512 -binary',
  hex: 'xxd -p -c 256',
  'upper-hex': 'xxd -p -u -c 256',
  base32: 'base32 -w 0',
  base64: 'base64 -w 0',
  base64url: 'basenc --base64url -w 0',
  'utf-16le': 'iconv -f UTF-8 -t UTF-16LE',
  'utf-16be': 'iconv -f UTF-8 -t UTF-16BE',
  big5: 'iconv -f UTF-8 -t BIG5',
  gbk: 'iconv -f UTF-8 -t GBK',
  percent: 'perl -pe \'s/([^A-Za-z0-9_.~*-])/sprintf("%%%02X", ord $1)/ge\'',
  reversed: "perl -ne 'print scalar reverse $_'",
  line: "sed '$a\\'",
  'last-16': 'tail -c 16',
  'first-bytes-16': 'head -c 16',
};

/** `I1`, or `I1_national` where another form than the canonical value was found: from `$I1` other bytes would come. */
export function variableOf(id: string, form: string | null): string {
  return form === null ? id : `${id}_${form.replaceAll(/[^A-Za-z0-9]/g, '_')}`;
}

/** From the variable to the bytes of a writing; null where a step has no customary command. */
export function recipeCommand(variable: string, transform: readonly string[]): string | null {
  const parts: string[] = [`printf %s "$${variable}"`];
  for (const step of transform) {
    const [, where, count] = /^(first|middle)-(\d+)$/.exec(step) ?? [];
    const pipe = where === 'first' ? `head -c ${count ?? ''}` : where === 'middle' ? 'cut -c 9-24' : pipes[step];
    if (pipe === undefined) return null;
    parts.push(pipe);
  }
  return parts.join(' | ');
}
