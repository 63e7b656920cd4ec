import { useEffect, useRef } from 'react';
import { useWords } from '../words/words.tsx';
import { bytesOfBase64, hexRows, type ByteSpan, type HexCell } from './hex-rows.ts';

export interface BytesViewProps {
  readonly label: string;
  readonly base64: string;
  readonly marks?: readonly ByteSpan[];
  /** Offset of the first shown byte in its stream. */
  readonly firstOffset?: number;
}

/** Neighbours with the same mark as one run, so that a mark is one element and is read out once. */
function runs(cells: readonly HexCell[]): readonly { readonly marked: boolean; readonly cells: readonly HexCell[] }[] {
  const result: { marked: boolean; cells: HexCell[] }[] = [];
  for (const cell of cells) {
    const last = result.at(-1);
    if (last?.marked === cell.marked) last.cells.push(cell);
    else result.push({ marked: cell.marked, cells: [cell] });
  }
  return result;
}

const noMarks: readonly ByteSpan[] = [];

/** Bytes as hex and text, with what was found marked in both. */
export function BytesView({ label, base64, marks = noMarks, firstOffset = 0 }: BytesViewProps) {
  const { say } = useWords();
  const pane = useRef<HTMLDivElement>(null);
  const rows = hexRows(bytesOfBase64(base64), marks, firstOffset);
  const firstMark = marks[0]?.from ?? -1;
  // A long context begins just above the mark: it is what the person came for.
  useEffect(() => {
    const element = pane.current;
    const row = element?.querySelector('mark')?.closest('tr') ?? null;
    if (element === null || row === null) return;
    element.scrollTop = Math.max(0, row.offsetTop - 2 * row.offsetHeight);
  }, [base64, firstMark]);
  const part = (cells: readonly HexCell[], text: (cell: HexCell) => string, between: string) =>
    runs(cells).map((run, index) => {
      const content = run.cells.map(text).join(between);
      const glue = index === 0 ? '' : between;
      return run.marked ? (
        <span key={index}>
          {glue}
          <mark>{content}</mark>
        </span>
      ) : (
        <span key={index}>
          {glue}
          {content}
        </span>
      );
    });
  return (
    <div ref={pane} className="bytes" role="group" aria-label={label} tabIndex={0}>
      <table>
        <caption className="only-read-out">{label}</caption>
        <thead className="only-read-out">
          <tr>
            <th scope="col">{say('ui.bytes.offset')}</th>
            <th scope="col">{say('ui.bytes.hex')}</th>
            <th scope="col">{say('ui.bytes.text')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.offset}>
              <th scope="row">{row.offset.toString(16).padStart(8, '0')}</th>
              <td className="bytes-hex">{part(row.cells, (cell) => cell.hex, ' ')}</td>
              <td className="bytes-text">{part(row.cells, (cell) => cell.character, '')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
