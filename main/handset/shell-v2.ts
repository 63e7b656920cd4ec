/** Packet ids of shell protocol v2 (AOSP shell_protocol.h). */
export const shellPacket = { stdin: 0, stdout: 1, stderr: 2, exit: 3, closeStdin: 4, windowSize: 5 } as const;

const headerBytes = 5;

export interface ShellPart {
  readonly stream: 'stdout' | 'stderr';
  readonly bytes: Buffer;
}

/**
 * Takes shell v2 apart however its bytes are cut into chunks. Payload is handed on as it arrives, never
 * collected, so an announced length of 4 GB costs nothing. `violation` is set, and stays, once the stream breaks the protocol.
 */
export class ShellV2Decoder {
  /** Status of the exit packet, null before it came. */
  exitCode: number | null = null;
  violation: string | null = null;
  readonly #header = Buffer.alloc(headerBytes);
  #headerHave = 0;
  #left = 0;
  #id = -1;

  /** True when the bytes so far end between two packets. */
  get atBoundary(): boolean {
    return this.#headerHave === 0 && this.#left === 0;
  }

  /** Parts of stdout and stderr in `chunk`, in order; they are views into it. */
  push(chunk: Buffer): readonly ShellPart[] {
    const parts: ShellPart[] = [];
    let at = 0;
    while (at < chunk.length && this.violation === null) {
      if (this.exitCode !== null) {
        this.violation = 'bytes after the exit packet';
        break;
      }
      at += this.#left > 0 ? this.#payload(chunk, at, parts) : this.#headerPart(chunk, at);
    }
    return parts;
  }

  #headerPart(chunk: Buffer, at: number): number {
    const taken = Math.min(headerBytes - this.#headerHave, chunk.length - at);
    chunk.copy(this.#header, this.#headerHave, at, at + taken);
    this.#headerHave += taken;
    if (this.#headerHave < headerBytes) return taken;
    this.#headerHave = 0;
    this.#id = this.#header[0] ?? -1;
    this.#left = this.#header.readUInt32LE(1);
    if (this.#id === shellPacket.exit) {
      if (this.#left !== 1) this.violation = `an exit packet of ${this.#left} bytes`;
    } else if (this.#id !== shellPacket.stdout && this.#id !== shellPacket.stderr) {
      this.violation = `an unknown packet id ${this.#id}`;
    }
    return taken;
  }

  #payload(chunk: Buffer, at: number, parts: ShellPart[]): number {
    const taken = Math.min(this.#left, chunk.length - at);
    const bytes = chunk.subarray(at, at + taken);
    this.#left -= taken;
    if (this.#id === shellPacket.exit) this.exitCode = bytes[0] ?? null;
    else parts.push({ stream: this.#id === shellPacket.stdout ? 'stdout' : 'stderr', bytes });
    return taken;
  }
}

/** One packet from us to the handset: id, length (32 bit, little endian), payload. */
export function encodeShellPacket(id: number, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(headerBytes + payload.length);
  packet[0] = id;
  packet.writeUInt32LE(payload.length, 1);
  packet.set(payload, headerBytes);
  return packet;
}
