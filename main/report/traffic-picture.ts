import type { TrafficShare } from './report-input.ts';
import type { Markup } from './markup.ts';
import { html } from './markup.ts';
import type { Words } from './words.ts';

const colours: Readonly<Record<string, string>> = {
  cleartext: '#b3261e',
  tls: '#1f6f54',
  dtls: '#2f7d8c',
  quic: '#3b5b92',
  unknown: '#7a7a7a',
};
const barHeight = 14;
const rowHeight = 20;
const nameWidth = 250;
const plotWidth = 430;
const shownRows = 24;

/** Horizontal bars: bytes sent per label and recipient, one colour a channel. Its table twin stands beside it. */
export function trafficPicture(shares: readonly TrafficShare[], words: Words): Markup {
  const largestFirst = shares
    .filter((one) => one.recipient !== '*')
    .toSorted((a, b) => b.bytesToServer - a.bytesToServer)
    .slice(0, shownRows);
  // Of the largest ones, in the order of the table.
  const rows = shares.filter((one) => largestFirst.includes(one));
  const used = Object.entries(colours).filter(([channel]) => rows.some((row) => row.channel === channel));
  const largest = Math.max(1, ...rows.map((row) => row.bytesToServer));
  const height = rows.length * rowHeight + 30;
  const title = words('report.traffic');
  return html`<svg role="img" aria-label="${title}" viewBox="0 0 ${nameWidth + plotWidth + 90} ${height}" width="100%">
    ${rows.map((row, index) => bar(row, index, largest))}
    ${used.map(
      ([channel, colour], index) =>
        html`<rect x="${index * 130}" y="${height - 18}" width="10" height="10" fill="${colour}" /><text
            x="${index * 130 + 15}"
            y="${height - 9}"
            >${words(`channel.${channel}`)}</text
          >`,
    )}
  </svg>`;
}

function bar(row: TrafficShare, index: number, largest: number): Markup {
  const y = index * rowHeight;
  const width = Math.max(2, Math.round((row.bytesToServer / largest) * plotWidth));
  return html`<text x="0" y="${y + 11}">${short(`${row.label} – ${row.recipient}`)}</text
    ><rect
      x="${nameWidth}"
      y="${y}"
      width="${width}"
      height="${barHeight}"
      fill="${colours[row.channel] ?? '#7a7a7a'}"
    /><text x="${nameWidth + width + 5}" y="${y + 11}">${row.bytesToServer}</text>`;
}

function short(text: string): string {
  return text.length > 42 ? `${text.slice(0, 41)}…` : text;
}
