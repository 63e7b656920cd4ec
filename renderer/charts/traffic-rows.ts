import type { TrafficTotal } from '../../shared/contract/traffic.ts';
import type { Channel } from '../../shared/model/traffic.ts';

export interface ChartRow {
  /** Recipient and label, one bar each. */
  readonly name: string;
  readonly recipient: string;
  readonly label: string;
  readonly cleartext: number;
  readonly tls: number;
  readonly dtls: number;
  readonly quic: number;
  readonly unknown: number;
}

const none: Readonly<Record<Channel, number>> = { cleartext: 0, tls: 0, dtls: 0, quic: 0, unknown: 0 };

/** The `limit` biggest recipients over both labels, a row per recipient and label, bytes sent per channel. */
export function chartRows(
  totals: readonly TrafficTotal[],
  labels: readonly string[],
  limit: number,
): readonly ChartRow[] {
  const wanted = totals.filter((total) => labels.includes(total.label));
  const sums = new Map<string, number>();
  for (const total of wanted) sums.set(total.recipient, (sums.get(total.recipient) ?? 0) + total.bytesToServer);
  const recipients = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, limit);
  return recipients.flatMap(([recipient]) =>
    [...new Set(labels)].map((label) => {
      const bytes = { ...none };
      for (const total of wanted) {
        if (total.recipient === recipient && total.label === label) bytes[total.channel] += total.bytesToServer;
      }
      return { name: `${recipient} · ${label}`, recipient, label, ...bytes };
    }),
  );
}
