/** «TLSK»: secrets type of a pcapng block that holds a TLS key log. */
export const TLS_KEY_LOG = 0x544c534b;

/** What a capture file reader hands on. `bytes` is valid during the call only. */
export interface PacketReceiver {
  /** Nothing but secrets is wanted: what other blocks of a pcapng hold is passed over, their ends are found alike. */
  readonly secretsOnly?: boolean;
  /** `wireLength` ≥ `end - start`; `timeUs` is NaN for a packet without time stamp. */
  packet(
    bytes: Uint8Array,
    start: number,
    end: number,
    wireLength: number,
    linkType: number,
    timeUs: number,
    fileOffset: number,
  ): void;
  /** A record that Wireshark numbers as a frame but that holds no packet. */
  numberedRecord(): void;
  /**
   * Keys with which the file's content can be decrypted: a pcapng Decryption Secrets Block. `type` is its secrets type
   * (TLS_KEY_LOG and others). `bytes` is valid during the call only; in the file they stand at `fileOffset`.
   */
  secrets?(type: number, bytes: Uint8Array, fileOffset: number): void;
  fileFault(code: string, detail: string, offsetBytes: number): void;
}

/**
 * Parses whole records from `[start, end)` and returns the position after the last one. When it stops before `end`,
 * `wanted` is how many bytes from that position are needed to go on. `stopped` means nothing more can be read.
 */
export interface FileFormat {
  readonly wanted: number;
  readonly stopped: boolean;
  /** Set when no more bytes will come: what was left unread for want of more is then consumed as far as it goes. */
  ending: boolean;
  consume(bytes: Uint8Array, start: number, end: number, fileOffset: number): number;
  /** What the file lacks when it ends with `left` unread bytes; null when it ends cleanly. */
  cutShort(left: number): string | null;
}
