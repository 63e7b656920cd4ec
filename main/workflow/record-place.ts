import type { Exhibit } from '../../shared/model/exhibit.ts';
import type { RecordPlace } from '../report/report-input.ts';
import type { NumberedFinding } from '../evidence/case-types.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';

/** A log longer than this is not read again to name a line of it. */
const maxBytes = 16 * 1024 * 1024;

/**
 * Where a finding from the handset's own records stands: its exhibit, the command that gave it, and the line. Null for a
 * finding in a capture. The line is null where the text stands there in another writing, or the exhibit cannot be read.
 */
export function placeOfRecord(
  reader: Pick<CaseReader, 'readExhibit'>,
  exhibits: readonly Exhibit[],
  finding: NumberedFinding,
): RecordPlace | null {
  if (finding.frames.length > 0) return null;
  const same = exhibits.filter((one) => one.sha256 === finding.exhibitSha256);
  const exhibit = same.find((one) => one.label === finding.label && one.run === finding.run) ?? same[0];
  if (exhibit === undefined) return null;
  const command = exhibit.origin.type === 'command' ? exhibit.origin.command : null;
  const wanted = wantedText(finding);
  const read = wanted === null ? null : reader.readExhibit(exhibit.id, maxBytes);
  if (wanted === null || read === null || !read.ok) return { exhibit: exhibit.id, command, line: null };
  const at = read.value.indexOf(wanted);
  return { exhibit: exhibit.id, command, line: at === -1 ? null : lineAt(read.value, at) };
}

/** The message as the record has it, or the name of the setting. */
function wantedText({ context, field }: NumberedFinding): Buffer | null {
  if (context !== null) return Buffer.from(context.base64, 'base64');
  const name = field?.split('/').at(-1);
  return name === undefined || name === '' ? null : Buffer.from(name, 'utf8');
}

/** 1-based, as `sed -n` counts. */
function lineAt(bytes: Buffer, offset: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < offset; at = bytes.indexOf(0x0a, at + 1)) line += 1;
  return line;
}
