import { useCallback, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { useWords } from '../words/words.tsx';
import type { Column } from './data-table.tsx';
import { offsetFor, placesInSight, scrollScale } from './scaled-scroll.ts';

export interface LongColumn<Row, Order extends string> extends Column<Row> {
  /** Pressing the header puts the rows in this order. */
  readonly order?: Order;
  /** What a click in the cell may filter by, or null. */
  readonly pick?: (row: Row) => CellPick | null;
}

export interface CellPick {
  readonly key: string;
  readonly value: string;
}

export interface LongTableProps<Row, Order extends string> {
  readonly label: string;
  readonly columns: readonly LongColumn<Row, Order>[];
  readonly count: number;
  readonly rowAt: (place: number) => Row | undefined;
  readonly rowKey: (row: Row) => string;
  /** Told which places are in sight, so that they are fetched. */
  readonly onShow: (first: number, last: number) => void;
  readonly onOpen: (row: Row) => void;
  readonly selectedKey: string | null;
  readonly order: Order;
  readonly descending: boolean;
  readonly onOrder: (order: Order, descending: boolean) => void;
  readonly onPick?: (pick: CellPick, sense: 'only' | 'not') => void;
  readonly compact?: boolean;
  /** Shown in place of rows when there are none. */
  readonly empty: ReactNode;
}

const rowPx = 36;
const beyond = 8;

/** Heights of the head, and of what rows are seen through below it. */
interface Heights {
  readonly headPx: number;
  readonly viewPx: number;
}

function useHeights(): readonly [(element: HTMLDivElement | null) => void, Heights] {
  const [heights, setHeights] = useState<Heights>({ headPx: 33, viewPx: 400 });
  const observer = useRef<ResizeObserver | null>(null);
  const watch = useCallback((element: HTMLDivElement | null) => {
    observer.current?.disconnect();
    if (element === null) return;
    observer.current = new ResizeObserver(() => {
      const headPx = element.querySelector<HTMLElement>('.table-head')?.offsetHeight ?? 0;
      setHeights({ headPx, viewPx: Math.max(rowPx, element.clientHeight - headPx) });
    });
    observer.current.observe(element);
  }, []);
  return [watch, heights];
}

/**
 * A table of millions of rows: only those in sight exist and are fetched. Beyond what Chromium can lay out its scroll bar is
 * scaled, the wheel and the keys are not. One stop for the Tab key; arrows, Page, Home and End move, Enter opens.
 */
export function LongTable<Row, Order extends string>(props: LongTableProps<Row, Order>) {
  const { label, count, rowAt, rowKey, onShow, onOpen, selectedKey, compact = false, empty } = props;
  const columns = props.columns.filter((column) => !compact || column.roomy !== true);
  const scroller = useRef<HTMLDivElement | null>(null);
  const bar = useRef(0);
  const [watch, { headPx, viewPx }] = useHeights();
  const [offset, setOffset] = useState(0);
  const [active, setActive] = useState(0);
  const [keyboard, setKeyboard] = useState(false);
  const scale = scrollScale(count, rowPx, viewPx);
  const furthest = Math.max(0, scale.listPx - viewPx);
  const at = Math.min(offset, furthest);
  const { first, last } = placesInSight(at, viewPx, rowPx, count, beyond);
  const current = Math.min(active, Math.max(0, count - 1));

  useEffect(() => {
    if (count > 0) onShow(first, last);
  }, [first, last, count, onShow]);

  // The bar follows the list. Where it then says to stand (browsers round far down) is no wish of the person.
  const wantedPx = at / scale.ratio;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null || Math.abs(element.scrollTop - wantedPx) < 1) return;
    element.scrollTop = wantedPx;
    bar.current = element.scrollTop;
  }, [wantedPx]);

  useEffect(() => {
    const element = scroller.current;
    if (element === null || scale.ratio === 1) return;
    const onWheel = (event: WheelEvent): void => {
      if (event.ctrlKey || event.deltaY === 0) return;
      event.preventDefault();
      const step = event.deltaMode === WheelEvent.DOM_DELTA_PIXEL ? 1 : rowPx;
      setOffset((old) => Math.max(0, Math.min(furthest, old + event.deltaY * step)));
    };
    element.addEventListener('wheel', onWheel, { passive: false });
    return () => element.removeEventListener('wheel', onWheel);
  }, [furthest, scale.ratio]);

  // What grows beside the table must not push the row out of sight that the keys have reached.
  const [seenThroughPx, setSeenThroughPx] = useState(viewPx);
  if (seenThroughPx !== viewPx) {
    setSeenThroughPx(viewPx);
    if (keyboard) setOffset(Math.max(0, Math.min(furthest, offsetFor(current, rowPx, viewPx, at))));
  }

  useEffect(() => {
    if (!keyboard) return;
    scroller.current?.querySelector<HTMLElement>(`[data-place="${current}"]`)?.focus({ preventScroll: true });
  });

  function onScroll(): void {
    const element = scroller.current;
    if (element === null || Math.abs(element.scrollTop - bar.current) < 1) return;
    bar.current = element.scrollTop;
    const atEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - 1;
    setOffset(atEnd ? furthest : Math.min(furthest, element.scrollTop * scale.ratio));
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.target instanceof HTMLElement && event.target.closest('button') !== null) return;
    const row = rowAt(current);
    if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) {
      event.preventDefault();
      onOpen(row);
      return;
    }
    const target = targetOf(event.key, current, count - 1, Math.max(1, Math.floor(viewPx / rowPx) - 1));
    if (target === null || count === 0) return;
    event.preventDefault();
    setKeyboard(true);
    setActive(target);
    setOffset(Math.max(0, Math.min(furthest, offsetFor(target, rowPx, viewPx, at))));
  }

  const template = columns.map((column) => column.width).join(' ');
  const places = count === 0 ? [] : Array.from({ length: last - first + 1 }, (_, i) => first + i);
  return (
    <div
      className={compact ? 'table compact' : 'table'}
      role="grid"
      aria-label={label}
      aria-rowcount={count + 1}
      aria-colcount={columns.length}
    >
      <div
        className="table-scroll"
        ref={(element) => {
          scroller.current = element;
          watch(element);
        }}
        onScroll={onScroll}
        onKeyDown={onKeyDown}
        onBlur={() => setKeyboard(false)}
      >
        <Head
          columns={columns}
          template={template}
          order={props.order}
          descending={props.descending}
          onOrder={props.onOrder}
        />
        {count === 0 ? <div className="table-empty">{empty}</div> : null}
        {count === 0 ? null : (
          <div className="table-body" style={{ height: scale.barPx }}>
            <div className="table-view" role="rowgroup" style={{ height: viewPx, top: headPx }}>
              {places.map((place) => (
                <TableRow
                  key={place}
                  place={place}
                  row={rowAt(place)}
                  columns={columns}
                  template={template}
                  top={place * rowPx - at}
                  selected={selectedKey !== null && keyOf(rowAt(place), rowKey) === selectedKey}
                  focusable={place === current}
                  onActive={setActive}
                  onOpen={onOpen}
                  {...(props.onPick === undefined ? {} : { onPick: props.onPick })}
                />
              ))}
            </div>
          </div>
        )}
      </div>
    </div>
  );
}

const keyOf = <Row,>(row: Row | undefined, rowKey: (row: Row) => string): string | null =>
  row === undefined ? null : rowKey(row);

function targetOf(key: string, at: number, last: number, page: number): number | null {
  switch (key) {
    case 'ArrowDown':
      return Math.min(last, at + 1);
    case 'ArrowUp':
      return Math.max(0, at - 1);
    case 'PageDown':
      return Math.min(last, at + page);
    case 'PageUp':
      return Math.max(0, at - page);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return null;
  }
}

type HeadProps<Row, Order extends string> = Pick<
  LongTableProps<Row, Order>,
  'columns' | 'order' | 'descending' | 'onOrder'
> & { readonly template: string };

function Head<Row, Order extends string>({ columns, template, order, descending, onOrder }: HeadProps<Row, Order>) {
  return (
    <div className="table-head" role="row" aria-rowindex={1} style={{ gridTemplateColumns: template }}>
      {columns.map((column) => {
        const own = column.order;
        const sorted = own !== undefined && own === order;
        return (
          <div
            key={column.id}
            role="columnheader"
            aria-sort={own === undefined ? undefined : sorted ? (descending ? 'descending' : 'ascending') : 'none'}
            className={column.align === 'end' ? 'cell end' : 'cell'}
          >
            {own === undefined ? (
              column.header
            ) : (
              <button type="button" className="sort" onClick={() => onOrder(own, sorted ? !descending : false)}>
                {column.header}
                <span aria-hidden="true">{sorted ? (descending ? ' ▼' : ' ▲') : ''}</span>
              </button>
            )}
          </div>
        );
      })}
    </div>
  );
}

interface TableRowProps<Row, Order extends string> {
  readonly place: number;
  readonly row: Row | undefined;
  readonly columns: readonly LongColumn<Row, Order>[];
  readonly template: string;
  readonly top: number;
  readonly selected: boolean;
  readonly focusable: boolean;
  readonly onActive: (place: number) => void;
  readonly onOpen: (row: Row) => void;
  readonly onPick?: (pick: CellPick, sense: 'only' | 'not') => void;
}

function TableRow<Row, Order extends string>(props: TableRowProps<Row, Order>) {
  const { place, row, columns, template, top, selected, focusable, onActive, onOpen, onPick } = props;
  return (
    <div
      role="row"
      data-place={place}
      aria-rowindex={place + 2}
      aria-selected={selected}
      aria-busy={row === undefined}
      tabIndex={focusable ? 0 : -1}
      className={`table-row openable${selected ? ' selected' : ''}`}
      style={{ gridTemplateColumns: template, height: rowPx, transform: `translateY(${top}px)` }}
      onFocus={() => onActive(place)}
      onClick={() => {
        onActive(place);
        if (row !== undefined) onOpen(row);
      }}
    >
      {columns.map((column) => {
        const picked = row === undefined ? null : (column.pick?.(row) ?? null);
        return (
          <div key={column.id} role="gridcell" className={column.align === 'end' ? 'cell end' : 'cell'}>
            {row === undefined ? <span className="skeleton" aria-hidden="true" /> : column.cell(row)}
            {picked === null || onPick === undefined ? null : <PickButtons pick={picked} onPick={onPick} />}
          </div>
        );
      })}
    </div>
  );
}

/** For the mouse, while it is over the row; the keyboard has the lists of values above the table. */
function PickButtons({
  pick,
  onPick,
}: {
  readonly pick: CellPick;
  readonly onPick: (pick: CellPick, sense: 'only' | 'not') => void;
}) {
  const { say } = useWords();
  const button = (sense: 'only' | 'not', sign: string) => (
    <button
      type="button"
      tabIndex={-1}
      className="pick"
      title={say(`ui.filter.${sense}`, { value: pick.value })}
      aria-label={say(`ui.filter.${sense}`, { value: pick.value })}
      onClick={(event) => {
        event.stopPropagation();
        onPick(pick, sense);
      }}
    >
      {sign}
    </button>
  );
  return (
    <span className="picks">
      {button('only', '＋')}
      {button('not', '−')}
    </span>
  );
}
