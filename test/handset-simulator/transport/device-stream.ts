/** What a service sees of one stream between host and handset. */
export interface DeviceStream {
  readonly service: string;
  /** Resolves when the host has acknowledged the last byte; false when the stream has ended before that. */
  write(data: Uint8Array): Promise<boolean>;
  /** Closes after the last acknowledged WRTE. */
  end(): void;
  /** The host's bytes. The host may send the next packet once the returned promise resolves: that is the backpressure. */
  onData(handler: (data: Buffer) => void | Promise<void>): void;
  /** Called once: the host closed, or the cable is gone. */
  onClose(handler: () => void): void;
  readonly closed: boolean;
}

/** How a stream sends. `allow` is asked before each WRTE: how many of these bytes may go, or a pulled cable. */
export interface StreamPort {
  readonly maxPayload: () => number;
  sendWrite(payload: Buffer): void;
  sendReady(): void;
  sendClose(): void;
  allow(bytes: number): number;
  cut(): void;
}

interface Job {
  data: Buffer;
  done: (delivered: boolean) => void;
}

/** One stream: a queue outwards with one unacknowledged WRTE at a time, which the host does not enforce, so we do. */
export class StreamState implements DeviceStream {
  readonly service: string;
  readonly #port: StreamPort;
  readonly #jobs: Job[] = [];
  readonly #closeHandlers: (() => void)[] = [];
  #dataHandler: ((data: Buffer) => void | Promise<void>) | null = null;
  #early: Buffer[] = [];
  #awaitingAck = false;
  #ending = false;
  #closed = false;

  constructor(service: string, port: StreamPort) {
    this.service = service;
    this.#port = port;
  }

  get closed(): boolean {
    return this.#closed;
  }

  write(data: Uint8Array): Promise<boolean> {
    if (this.#closed || this.#ending) return Promise.resolve(false);
    if (data.length === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      this.#jobs.push({ data: Buffer.from(data), done: resolve });
      this.#pump();
    });
  }

  end(): void {
    this.#ending = true;
    this.#pump();
  }

  onData(handler: (data: Buffer) => void | Promise<void>): void {
    this.#dataHandler = handler;
    const early = this.#early;
    this.#early = [];
    for (const data of early) void this.#deliver(data);
  }

  onClose(handler: () => void): void {
    if (this.#closed) handler();
    else this.#closeHandlers.push(handler);
  }

  /** OKAY of the host for our last WRTE. */
  acknowledge(): void {
    this.#awaitingAck = false;
    const job = this.#jobs[0];
    if (job !== undefined && job.data.length === 0) {
      this.#jobs.shift();
      job.done(true);
    }
    this.#pump();
  }

  /** WRTE of the host. */
  receive(data: Buffer): void {
    if (this.#dataHandler === null) this.#early.push(data);
    else void this.#deliver(data);
  }

  /** The host closed the stream, or the connection is gone. */
  finish(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const job of this.#jobs.splice(0)) job.done(false);
    for (const handler of this.#closeHandlers.splice(0)) handler();
  }

  async #deliver(data: Buffer): Promise<void> {
    await this.#dataHandler?.(data);
    if (!this.#closed) this.#port.sendReady();
  }

  #pump(): void {
    if (this.#closed || this.#awaitingAck) return;
    const job = this.#jobs[0];
    if (job === undefined) {
      if (!this.#ending) return;
      this.#port.sendClose();
      this.finish();
      return;
    }
    const wanted = Math.min(job.data.length, this.#port.maxPayload());
    const allowed = this.#port.allow(wanted);
    if (allowed > 0) {
      this.#awaitingAck = true;
      this.#port.sendWrite(job.data.subarray(0, allowed));
      job.data = job.data.subarray(allowed);
    }
    if (allowed < wanted) this.#port.cut();
  }
}
