import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** CSS grid track: `120px`, `2fr`, `minmax(160px, 3fr)` … */
  readonly width: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
  /** Left out when the table is `compact`. */
  readonly roomy?: boolean;
  /** Up to two lines instead of one; three where the table is compact. */
  readonly wrap?: boolean;
  /** The rows stand in the order of this column. */
  readonly sort?: 'ascending' | 'descending' | undefined;
}

export interface DataTableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string;
  /** Enter, space or click on a row. */
  readonly onOpen?: (row: Row) => void;
  readonly selectedKey?: string | null;
  /** All rows that match, also those not loaded yet. */
  readonly total?: number | null;
  readonly onEndNear?: () => void;
  readonly rowHeight?: number;
  /** A detail stands beside it: only the columns that matter most. */
  readonly compact?: boolean;
  /** Shown in place of rows when there are none. */
  readonly empty?: ReactNode;
}

const pageOfRows = 15;

function cellClass(column: { readonly align?: 'start' | 'end'; readonly wrap?: boolean }): string {
  return `cell${column.align === 'end' ? ' end' : ''}${column.wrap === true ? ' wrap' : ''}`;
}

function targetOf(key: string, at: number, last: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(last, at + pageOfRows);
    case 'PageUp':
      return Math.max(0, at - pageOfRows);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

/**
 * A table of any length: only the rows in sight exist. One stop for the Tab key; arrows, Page, Home and End move, Enter opens.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const {
    label,
    rows,
    rowKey,
    onOpen,
    selectedKey = null,
    total,
    onEndNear,
    rowHeight = 36,
    empty,
    compact = false,
  } = props;
  const columns = props.columns.filter((column) => !compact || column.roomy !== true);
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const [keyboard, setKeyboard] = useState(false);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  const current = Math.min(active, Math.max(0, rows.length - 1));

  // Heights that were taken before hold no longer.
  useEffect(() => virtualizer.measure(), [virtualizer, rowHeight]);

  useEffect(() => {
    if (rows.length > 0 && lastShown >= rows.length - 40) onEndNear?.();
  }, [lastShown, rows.length, onEndNear]);

  useEffect(() => {
    if (!keyboard) return;
    scroller.current?.querySelector<HTMLElement>(`[data-index="${current}"]`)?.focus();
  }, [current, keyboard, items.length]);

  function onKeyDown(event: KeyboardEvent): void {
    const row = rows[current];
    if ((event.key === 'Enter' || event.key === ' ') && row !== undefined && onOpen !== undefined) {
      event.preventDefault();
      onOpen(row);
      return;
    }
    const target = targetOf(event.key, current, rows.length - 1);
    if (target === null || rows.length === 0) return;
    event.preventDefault();
    setKeyboard(true);
    setActive(target);
    virtualizer.scrollToIndex(target);
  }

  const template = columns.map((column) => column.width).join(' ');
  return (
    <div
      className={compact ? 'table compact' : 'table'}
      role="grid"
      aria-label={label}
      aria-rowcount={(total ?? rows.length) + 1}
      aria-colcount={columns.length}
    >
      <div className="table-scroll" ref={scroller} onKeyDown={onKeyDown} onBlur={() => setKeyboard(false)}>
        <div className="table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
          {columns.map((column) => (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={column.sort}
              className={column.align === 'end' ? 'cell end' : 'cell'}
            >
              {column.header}
              {column.sort === undefined ? null : (
                <span aria-hidden="true">{column.sort === 'ascending' ? ' ▲' : ' ▼'}</span>
              )}
            </div>
          ))}
        </div>
        {rows.length === 0 ? <div className="table-empty">{empty}</div> : null}
        <div className="table-body" role="rowgroup" style={{ height: virtualizer.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const key = rowKey(row);
            return (
              <div
                key={key}
                role="row"
                data-index={item.index}
                aria-rowindex={item.index + 2}
                aria-selected={key === selectedKey}
                tabIndex={item.index === current ? 0 : -1}
                className={`table-row${key === selectedKey ? ' selected' : ''}${onOpen === undefined ? '' : ' openable'}`}
                style={{
                  gridTemplateColumns: template,
                  height: item.size,
                  transform: `translateY(${item.start}px)`,
                }}
                onFocus={() => setActive(item.index)}
                onClick={() => {
                  setActive(item.index);
                  onOpen?.(row);
                }}
              >
                {columns.map((column) => (
                  <div key={column.id} role="gridcell" className={cellClass(column)}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
