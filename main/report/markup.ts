/** Markup that is safe to put into a page: made only by `html`, which escapes everything put into it. */
export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Piece = string | number | null | undefined | Markup | readonly Markup[];
export type Cell = string | number | Markup | null;

/** Control characters, direction marks and lone surrogates of hostile text become visible; the rest is escaped for HTML. */
export function escapeText(text: string): string {
  return text
    .replace(
      // eslint-disable-next-line no-control-regex
      /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    )
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** Tagged template: html`<td>${hostile}</td>`. */
export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  let text = strings[0] ?? '';
  pieces.forEach((piece, index) => {
    text += pieceText(piece) + (strings[index + 1] ?? '');
  });
  return new Markup(text);
}

function pieceText(piece: Piece): string {
  if (piece === null || piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'string' || typeof piece === 'number') return escapeText(String(piece));
  return piece.map((one) => one.text).join('');
}

export interface TableOptions {
  /** Names a look of the style sheet. */
  readonly look?: string;
  /** Anchor of each row, or null. */
  readonly rowId?: (index: number) => string | null;
}

export function table(
  head: readonly (string | Markup)[],
  rows: readonly (readonly Cell[])[],
  options: TableOptions = {},
): Markup {
  return html`<table class="${options.look ?? ''}">
    <thead>
      <tr>
        ${head.map((cell) => html`<th scope="col">${cell}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map((row, index) => tableRow(row, options.rowId?.(index) ?? null))}
    </tbody>
  </table>`;
}

function tableRow(row: readonly Cell[], id: string | null): Markup {
  const cells = row.map((cell) => html`<td>${cell}</td>`);
  return id === null
    ? html`<tr>
        ${cells}
      </tr> `
    : html`<tr id="${id}">
        ${cells}
      </tr> `;
}
