import { textOf, u16, u8 } from './bytes.ts';

/** RFC 1035, 2.3.4: what a name takes at most, dots and lengths included. */
const MAX_NAME_BYTES = 255;
const MAX_JUMPS = 64;

/** A label and where its characters stand. */
export interface DnsLabel {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** Reads the names of one DNS message. Compression pointers (RFC 1035, 4.1.4) may only lead backwards: no loop is possible. */
export class NameReader {
  /** Position after the name read last. */
  end = 0;
  /** Whether the name read last was whole. */
  ok = true;
  /** Labels of the name read last. */
  labels: DnsLabel[] = [];
  private readonly b: Uint8Array;
  private readonly base: number;
  private readonly limit: number;

  constructor(b: Uint8Array, base: number, limit: number) {
    this.b = b;
    this.base = base;
    this.limit = limit;
  }

  /** Reads a name at `from`; `end`, `ok` and `labels` tell about it afterwards. */
  read(from: number): string {
    this.labels = [];
    let at = from;
    let jumps = 0;
    let bytes = 0;
    this.end = -1;
    this.ok = false;
    for (;;) {
      if (at >= this.limit) return this.stop(at);
      const n = u8(this.b, at);
      if (n === 0) {
        if (this.end < 0) this.end = at + 1;
        this.ok = true;
        return this.labels.length === 0 ? '<Root>' : this.text();
      }
      if (n >= 0xc0) {
        if (at + 2 > this.limit) return this.stop(at);
        const target = this.base + (u16(this.b, at) & 0x3fff);
        if (this.end < 0) this.end = at + 2;
        if (target >= at || ++jumps > MAX_JUMPS) return this.stop(at);
        at = target;
        continue;
      }
      bytes += n + 1;
      if (n >= 0x40 || bytes > MAX_NAME_BYTES + 1 || at + 1 + n > this.limit) return this.stop(at);
      this.labels.push({ text: textOf(this.b, at + 1, at + 1 + n), from: at + 1, to: at + 1 + n });
      at += n + 1;
    }
  }

  private text(): string {
    return this.labels.map((label) => label.text).join('.');
  }

  private stop(at: number): string {
    if (this.end < 0) this.end = Math.min(at + 1, this.limit);
    return this.text();
  }
}

/** A name that stands alone, as options of other protocols hold it (RFC 8415, 10); it may lack its root. */
export function readDnsName(b: Uint8Array, from: number, to: number): string {
  const name = new NameReader(b, from, to).read(from);
  return name === '<Root>' ? '' : name;
}
