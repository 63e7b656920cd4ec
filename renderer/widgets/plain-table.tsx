import type { ReactNode } from 'react';

export interface PlainColumn<Row> {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  readonly align?: 'start' | 'end';
  /** Never broken over lines: a number of which every digit counts. */
  readonly whole?: boolean;
}

export interface PlainTableProps<Row> {
  /** Read out before the table; also its visible caption when `showCaption`. */
  readonly caption: string;
  readonly showCaption?: boolean;
  readonly columns: readonly PlainColumn<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row, index: number) => string;
}

/** A short table as the language of the web has it; for long ones there is DataTable. */
export function PlainTable<Row>({ caption, showCaption = false, columns, rows, rowKey }: PlainTableProps<Row>) {
  return (
    <table className="plain-table">
      <caption className={showCaption ? undefined : 'only-read-out'}>{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column.id} scope="col" className={column.align === 'end' ? 'end' : undefined}>
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, index) => (
          <tr key={rowKey(row, index)}>
            {columns.map((column) => (
              <td
                key={column.id}
                className={column.align === 'end' ? 'end' : column.whole === true ? 'whole' : undefined}
              >
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
