import type { Device } from '../persona/device.ts';
import type { ShellIo } from '../shell/command.ts';
import { runLine } from '../shell/run-line.ts';
import type { DeviceStream } from '../transport/device-stream.ts';

/** Ids of the packets inside a shell v2 stream (AOSP, shell_protocol.h). */
const ids = { stdin: 0, stdout: 1, stderr: 2, exit: 3, closeStdin: 4, windowSize: 5 } as const;
/** Programs write to their pipe in pages of 4 KB, and adbd frames what it reads. */
const frameBytes = 4096;
/** Frames that go into one write to the stream. */
const framesAtOnce = 32;

export interface ShellRequest {
  readonly line: string;
  readonly version: 1 | 2;
  /** A terminal lies between: standard error is merged, and old releases turn LF into CRLF. */
  readonly crlf: boolean;
  readonly merged: boolean;
}

const bytesOf = (data: string | Uint8Array): Buffer => Buffer.from(data as Uint8Array);

/** LF → CRLF, whatever stood before it, as the terminal's ONLCR does. */
export function terminalBytes(data: Buffer): Buffer {
  const lineFeeds = data.filter((byte) => byte === 10).length;
  if (lineFeeds === 0) return data;
  const result = Buffer.allocUnsafe(data.length + lineFeeds);
  let to = 0;
  for (const byte of data) {
    if (byte === 10) result[to++] = 13;
    result[to++] = byte;
  }
  return result;
}

function frame(id: number, data: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(5 + data.length);
  bytes[0] = id;
  bytes.writeUInt32LE(data.length, 1);
  bytes.set(data, 5);
  return bytes;
}

type Output = (id: number, data: string | Uint8Array) => Promise<boolean>;

function output(request: ShellRequest, stream: DeviceStream): Output {
  if (request.version === 1) {
    return (_id, data) => stream.write(request.crlf ? terminalBytes(bytesOf(data)) : bytesOf(data));
  }
  return async (id, data) => {
    const plain = bytesOf(data);
    const bytes = request.crlf ? terminalBytes(plain) : plain;
    const channel = request.merged && id === ids.stderr ? ids.stdout : id;
    for (let at = 0; at < bytes.length;) {
      const frames: Buffer[] = [];
      for (; at < bytes.length && frames.length < framesAtOnce; at += frameBytes) {
        frames.push(frame(channel, bytes.subarray(at, at + frameBytes)));
      }
      if (!(await stream.write(Buffer.concat(frames)))) return false;
    }
    return !stream.closed;
  };
}

/** Cuts the host's bytes into stdin for the command. Version 2 carries frames, version 1 is stdin as it is. */
function input(request: ShellRequest, stream: DeviceStream): (handler: (data: Buffer | null) => void) => void {
  let handler: ((data: Buffer | null) => void) | null = null;
  const early: (Buffer | null)[] = [];
  const give = (data: Buffer | null): void => {
    if (handler === null) early.push(data);
    else handler(data);
  };
  let pending: Buffer = Buffer.alloc(0);
  stream.onData((data) => {
    if (request.version === 1) return give(data);
    pending = Buffer.concat([pending, data]);
    while (pending.length >= 5) {
      const length = pending.readUInt32LE(1);
      if (pending.length < 5 + length) break;
      if (pending[0] === ids.stdin) give(Buffer.from(pending.subarray(5, 5 + length)));
      else if (pending[0] === ids.closeStdin) give(null);
      pending = pending.subarray(5 + length);
    }
  });
  return (wanted) => {
    handler = wanted;
    for (const data of early.splice(0)) wanted(data);
  };
}

/** An interactive shell without editing: each line typed is run; `exit` or the end of input leaves. */
async function interact(device: Device, io: ShellIo): Promise<number> {
  const prompt = device.promptText();
  await io.out(prompt);
  return new Promise((resolve) => {
    let typed = '';
    let work: Promise<void> = Promise.resolve();
    let last = 0;
    const handle = async (line: string): Promise<void> => {
      if (line.trim() === 'exit') return resolve(last);
      if (line.trim() !== '') last = await runLine(line, { device, io, root: device.adbdIsRoot });
      await io.out(prompt);
    };
    io.onGone(() => resolve(129));
    io.onInput((data) => {
      if (data === null) return void work.then(() => resolve(last));
      typed += data.toString('utf8');
      const lines = typed.split(/\r\n|\n|\r/);
      typed = lines.pop() ?? '';
      for (const line of lines) work = work.then(() => handle(line));
    });
  });
}

/** Runs one `shell:` or `exec:` service to its end. */
export async function serveShell(device: Device, request: ShellRequest, stream: DeviceStream): Promise<void> {
  const write = output(request, stream);
  const io: ShellIo = {
    out: (data) => write(ids.stdout, data),
    err: (data) => write(ids.stderr, data),
    onInput: input(request, stream),
    onGone: (handler) => stream.onClose(handler),
    get gone() {
      return stream.closed;
    },
  };
  const status =
    request.line === ''
      ? await interact(device, io)
      : await runLine(request.line, { device, io, root: device.adbdIsRoot });
  if (request.version === 2) await stream.write(frame(ids.exit, Buffer.from([status & 255])));
  stream.end();
}
