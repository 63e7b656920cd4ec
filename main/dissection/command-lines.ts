import type { Application } from './applications.ts';
import { asBuffer, textOf, u8 } from './bytes.ts';
import type { Direction, StreamParser } from './direction.ts';
import type { Emitter } from './emitter.ts';
import { upgrade, upgradesHere } from './tls-upgrade.ts';
import { beginsProof, isProof, withoutSecret } from './command-secrets.ts';

const LF = 10;
const DOT = 46;
/** Characters of one line that are kept; RFC 5321 allows 512, RFC 9051 advises 8,192. */
const MAX_LINE_BYTES = 8192;
const DOT_BYTES = 4;

export interface Command {
  readonly command: string;
  readonly argument: string;
}

export interface Reply {
  readonly status: string;
  readonly text: string;
}

/** The words of one protocol of lines. */
export interface Dialect {
  readonly application: Application;
  /** A line of the client; null when it is none. */
  command(line: string): Command | null;
  /** A line of the server that ends an answer; null when it is another. */
  reply(line: string): Reply | null;
  /** After this command the client sends lines that are no commands, until a line that is a dot. */
  beginsData(command: string): boolean;
  /** Bytes that follow a line and are no lines (`{n}` of IMAP, BDAT of SMTP). */
  literalBytes(line: string): number;
}

/** The next line that may be the dot which ends data: one that begins with it, or that is not whole. `at` begins a line. */
function dotLine(b: Uint8Array, at: number, end: number): number {
  if (u8(b, at) === DOT) return at;
  const rest = b.subarray(at, end);
  const found = asBuffer(b, at, end).indexOf('\n.', 0, 'latin1');
  return at + (found >= 0 ? found + 1 : rest.lastIndexOf(LF) + 1);
}

/**
 * A direction of a protocol made of lines: commands and answers become messages, what lies between (mails, literals) is only
 * searched, an upgrade to TLS is followed.
 */
export class CommandLines implements StreamParser {
  private readonly out: Emitter;
  private readonly d: Direction;
  private readonly dialect: Dialect;
  private readonly fromClient: boolean;
  private line = new Uint8Array(128);
  private held = 0;
  private cut = false;
  private lineAt = -1;
  private frame = 0;
  /** Number of the message that the line will be, once somebody asked. */
  private index: number | null = null;
  private data = false;
  /** The client is about to prove who it is: its lines are no commands. */
  private proving = false;
  /** Where the announced data begins. */
  private dataAt = 0;
  private literal = 0;
  /** The line goes on with what belongs to an earlier one: behind a literal, or after a loss. */
  private continued = false;

  constructor(out: Emitter, d: Direction, dialect: Dialect, fromClient: boolean) {
    this.out = out;
    this.d = d;
    this.dialect = dialect;
    this.fromClient = fromClient;
  }

  feed(b: Uint8Array, start: number, end: number, position: number): boolean {
    let at = start;
    while (at < end) {
      if (this.literal > 0) {
        const n = Math.min(this.literal, end - at);
        this.literal -= n;
        at += n;
        continue;
      }
      if (this.lineAt < 0) {
        if (!this.data && upgradesHere(b, at, end)) {
          upgrade(this.out, this.d, this.dialect.application, b, start, at, end, position);
          return true;
        }
        this.lineAt = position + (at - start);
      }
      if (this.data && this.held === 0) {
        at = dotLine(b, at, end);
        this.lineAt = at === end ? -1 : position + (at - start);
        if (at === end) break;
      }
      const found = b.subarray(at, end).indexOf(LF);
      const stop = found < 0 ? end : at + found + 1;
      this.keep(b, at, stop);
      at = stop;
      if (u8(b, stop - 1) === LF) this.endLine(position + (stop - start));
    }
    return false;
  }

  private keep(b: Uint8Array, from: number, to: number): void {
    // Of data only as much as tells the dot that ends it.
    const room = (this.data ? DOT_BYTES : MAX_LINE_BYTES) - this.held;
    const n = Math.min(to - from, room);
    if (n < to - from && !this.data) this.cut = true;
    if (this.held + n > this.line.length) {
      const bigger = new Uint8Array(Math.min(MAX_LINE_BYTES, Math.max(this.held + n, this.line.length * 2)));
      bigger.set(this.line.subarray(0, this.held));
      this.line = bigger;
    }
    this.line.set(b.subarray(from, from + n), this.held);
    this.held += n;
    this.frame = this.d.feedFrame;
  }

  private endLine(next: number): void {
    const text = textOf(this.line, 0, this.held).replace(/\r?\n$/, '');
    if (this.data) {
      if (text === '.') {
        this.data = false;
        this.mark(next, null, null);
      }
    } else if (!this.continued) {
      if (this.fromClient) this.takeCommand(text, next);
      else this.takeReply(text);
    }
    this.literal = this.data ? 0 : this.dialect.literalBytes(text);
    this.continued = this.literal > 0 && this.dialect.application === 'imap';
    this.held = 0;
    this.cut = false;
    this.lineAt = -1;
    this.index = null;
  }

  private takeCommand(text: string, next: number): void {
    if (this.proving && isProof(text)) return;
    const command = this.dialect.command(text);
    if (command === null) return;
    const { application } = this.dialect;
    this.proving = beginsProof(command.command);
    const { argument, ...secret } = withoutSecret(command.command, command.argument);
    const told = { protocol: application, command: command.command, argument, ...secret };
    const index = this.tell('command', told);
    this.mark(this.lineAt, `${application}.command`, index);
    if (this.dialect.beginsData(command.command)) {
      this.data = true;
      this.dataAt = next;
      this.mark(next, `${application}.data`, index);
    }
  }

  private takeReply(text: string): void {
    const reply = this.dialect.reply(text);
    if (reply === null) return;
    const { application } = this.dialect;
    const fields = { protocol: application, status: reply.status, text: reply.text };
    this.mark(this.lineAt, `${application}.reply`, this.tell('reply', fields));
    if (application !== 'smtp' || !/^[45]/.test(reply.status)) return;
    const other = this.d.connection.directions[this.d.side === 0 ? 1 : 0].parser;
    if (other instanceof CommandLines) other.refused();
  }

  /** The server did not want the data that was announced: what comes are commands again. */
  private refused(): void {
    if (this.data && this.d.offset <= this.dataAt) this.data = false;
  }

  private tell(kind: 'command' | 'reply', fields: object): number {
    const { out, d } = this;
    const index = this.index ?? out.newMessage();
    if (this.cut) out.note(d.connection.row, 'cap-message');
    out.message(d.connection.row, d.way, index, this.frame, d.feedUs, kind, fields);
    return index;
  }

  private mark(position: number, field: string | null, message: number | null): void {
    if (!this.d.marks.add(position, field, message)) this.out.note(this.d.connection.row, 'cap-marks');
  }

  gap(bytes: number): void {
    this.out.note(this.d.connection.row, this.literal >= bytes || this.data ? 'message-cut' : 'protocol-resync');
    this.continued = this.literal < bytes && !this.data;
    this.literal = Math.max(0, this.literal - bytes);
    this.held = 0;
    this.lineAt = -1;
    this.index = null;
  }

  end(): void {
    this.held = 0;
  }

  /** A line that is still coming: the message's number is allotted when it is asked for. */
  pending(position: number): { field: string | null; message: number | null } | null {
    if (this.lineAt < 0 || position < this.lineAt || this.data || this.continued) return null;
    this.index ??= this.out.newMessage();
    return { field: `${this.dialect.application}.${this.fromClient ? 'command' : 'reply'}`, message: this.index };
  }
}
