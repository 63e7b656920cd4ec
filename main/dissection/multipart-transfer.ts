import type { ContentRun } from './http-content-run.ts';

const LF = 10;
const CR = 13;
const EQUALS = 61;
const OUTPUT_BYTES = 4096;
const MAX_PLACES = 65_536;

/** 6 bits of each base64 character, 255 for all others. */
const BASE64 = new Uint8Array(256).fill(255);
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let i = 0; i < ALPHABET.length; i++) BASE64[ALPHABET.charCodeAt(i)] = i;

/** Undoes base64 (RFC 2045, 6.8) or quoted-printable (6.7) as the bytes come. */
export class TransferDecoder {
  private readonly coding: 'base64' | 'quoted-printable';
  private readonly run: ContentRun;
  /** Offsets in what comes out, and in the content where it came in, of each stretch. */
  private readonly outs: number[] = [];
  private readonly ins: number[] = [];
  /** One of so many places is kept. */
  private every = 1;
  private passed = 0;
  private readonly output = new Uint8Array(OUTPUT_BYTES);
  private length = 0;
  private total = 0;
  private bits = 0;
  private bitCount = 0;
  /** Of quoted-printable: what stands after an equals sign, as far as it has come. */
  private escape = '';

  /** @param run gets the decoded bytes */
  constructor(coding: 'base64' | 'quoted-printable', run: (decoder: TransferDecoder) => ContentRun) {
    this.coding = coding;
    this.run = run(this);
  }

  /** Offset in the content of what gave the decoded byte at `offset`: exact in lines without breaks. */
  placeOf(offset: number): number {
    let low = 0;
    let high = this.outs.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.outs[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    const scale = this.coding === 'base64' ? 4 / 3 : 1;
    const guess = (this.ins[low] ?? 0) + Math.floor((offset - (this.outs[low] ?? 0)) * scale);
    const next = this.ins[low + 1];
    if (next === undefined) return guess;
    if (this.every === 1) return Math.min(guess, next - 1);
    // Between two places that are further apart there are line breaks.
    const [from, to, at] = [this.outs[low] ?? 0, this.outs[low + 1] ?? 0, this.ins[low] ?? 0];
    return Math.min(at + Math.floor(((offset - from) * (next - at)) / Math.max(1, to - from)), next - 1);
  }

  /** `offset` is that of the first byte in the content. */
  data(b: Uint8Array, start: number, end: number, offset: number): void {
    for (let at = start; at < end; at++) {
      if (this.length === 0 || at === start) this.place(offset + (at - start));
      if (this.coding === 'base64') this.base64(b[at] as number);
      else this.quoted(b[at] as number);
      if (this.length > OUTPUT_BYTES - 4) this.flush();
    }
  }

  /** Of very many places every second one is kept, then every fourth: in between they are told less exactly. */
  private place(at: number): void {
    if (this.passed++ % this.every !== 0) return;
    if (this.outs.length === MAX_PLACES) {
      this.every *= 2;
      for (const list of [this.outs, this.ins]) {
        for (let i = 0; i < MAX_PLACES / 2; i++) list[i] = list[i * 2] as number;
        list.length = MAX_PLACES / 2;
      }
    }
    this.outs.push(this.total + this.length);
    this.ins.push(at);
  }

  private base64(c: number): void {
    if (c === EQUALS) {
      this.bitCount = 0;
      return;
    }
    const value = BASE64[c] as number;
    if (value === 255) return;
    this.bits = ((this.bits << 6) | value) & 0xffff;
    this.bitCount += 6;
    if (this.bitCount < 8) return;
    this.bitCount -= 8;
    this.put((this.bits >> this.bitCount) & 255);
  }

  private quoted(c: number): void {
    if (this.escape === '') {
      if (c === EQUALS) this.escape = '=';
      else this.put(c);
      return;
    }
    if (c === LF && (this.escape === '=' || this.escape === '=\r')) {
      // A soft line break.
      this.escape = '';
      return;
    }
    this.escape += String.fromCharCode(c);
    const text = this.escape;
    if (text.length === 2 && (c === CR || isHex(c))) return;
    this.escape = '';
    if (text.length === 3 && isHex(text.charCodeAt(1)) && isHex(c)) this.put(Number.parseInt(text.slice(1), 16));
    else for (let i = 0; i < text.length; i++) this.put(text.charCodeAt(i));
  }

  private put(c: number): void {
    this.output[this.length++] = c;
  }

  private flush(): void {
    this.run.hand(this.output, 0, this.length);
    this.total += this.length;
    this.length = 0;
  }

  finish(): void {
    for (let i = 0; i < this.escape.length; i++) this.put(this.escape.charCodeAt(i));
    this.escape = '';
    this.flush();
    this.run.end();
  }
}

function isHex(c: number): boolean {
  return (c >= 48 && c <= 57) || ((c | 32) >= 97 && (c | 32) <= 102);
}
