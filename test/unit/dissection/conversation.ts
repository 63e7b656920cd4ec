import { tcp, tcpBack } from './packet-builder.ts';

/** Writes a TCP connection packet by packet, keeping both sequence numbers. */
export class Conversation {
  readonly packets: Buffer[] = [];
  clientSeq: number;
  serverSeq: number;
  private readonly ports: { sourcePort: number; targetPort: number };

  constructor(
    o: { clientSeq?: number; serverSeq?: number; sourcePort?: number; targetPort?: number; syn?: boolean } = {},
  ) {
    this.clientSeq = o.clientSeq ?? 1000;
    this.serverSeq = o.serverSeq ?? 9000;
    this.ports = { sourcePort: o.sourcePort ?? 51234, targetPort: o.targetPort ?? 80 };
    if (o.syn === false) return;
    this.packets.push(tcp({ ...this.ports, seq: this.clientSeq, flags: 'S' }));
    this.packets.push(tcpBack({ ...this.ports, seq: this.serverSeq, ack: this.clientSeq + 1, flags: 'SA' }));
    this.clientSeq = (this.clientSeq + 1) >>> 0;
    this.serverSeq = (this.serverSeq + 1) >>> 0;
    this.packets.push(tcp({ ...this.ports, seq: this.clientSeq, ack: this.serverSeq, flags: 'A' }));
  }

  /** A segment from the client, not put into the capture. */
  clientSegment(offset: number, payload: string | Uint8Array, flags = 'PA'): Buffer {
    return tcp({ ...this.ports, seq: this.clientSeq + offset, ack: this.serverSeq, flags, payload });
  }

  serverSegment(offset: number, payload: string | Uint8Array, flags = 'PA'): Buffer {
    return tcpBack({ ...this.ports, seq: this.serverSeq + offset, ack: this.clientSeq, flags, payload });
  }

  toServer(payload: string | Uint8Array, pieceBytes = payload.length): this {
    for (let at = 0; at < payload.length; at += pieceBytes) {
      this.packets.push(this.clientSegment(0, payload.slice(at, at + pieceBytes)));
      this.clientSeq = (this.clientSeq + Math.min(pieceBytes, payload.length - at)) >>> 0;
    }
    return this;
  }

  toClient(payload: string | Uint8Array, pieceBytes = payload.length): this {
    for (let at = 0; at < payload.length; at += pieceBytes) {
      this.packets.push(this.serverSegment(0, payload.slice(at, at + pieceBytes)));
      this.serverSeq = (this.serverSeq + Math.min(pieceBytes, payload.length - at)) >>> 0;
    }
    return this;
  }

  close(): this {
    this.packets.push(this.serverSegment(0, '', 'FA'));
    this.packets.push(this.clientSegment(0, '', 'FA'));
    return this;
  }
}
