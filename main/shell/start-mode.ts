/** What this start of the program is for. */
export type StartMode =
  | { readonly kind: 'window' }
  | { readonly kind: 'self-test' }
  | { readonly kind: 'print-pdf'; readonly html: string; readonly pdf: string }
  | { readonly kind: 'wrong-usage'; readonly message: string };

/** Reads the program's own arguments; Chromium's are left alone. */
export function startMode(args: readonly string[]): StartMode {
  if (args.includes('--self-test')) return { kind: 'self-test' };
  const print = args.indexOf('--print-pdf');
  if (print === -1) return { kind: 'window' };
  const html = args[print + 1];
  const pdf = args[print + 2];
  if (html === undefined || pdf === undefined || html.startsWith('-') || pdf.startsWith('-')) {
    return { kind: 'wrong-usage', message: '--print-pdf takes two files: the HTML to print and the PDF to write' };
  }
  return { kind: 'print-pdf', html, pdf };
}
