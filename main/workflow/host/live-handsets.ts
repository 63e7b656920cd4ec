import type { AdbState, ForeignAdb, LiveHandsets } from '../../../shared/contract/handsets.ts';
import type { Problem, Result } from '../../../shared/model/problem.ts';
import { fail, ok } from '../../../shared/model/problem.ts';
import type { AdbEndpoint } from '../../handset/adb-connection.ts';
import { usbHandsets } from '../../handset/usb-handsets.ts';
import { detectForeignServer, usualAdbEndpoint, useRunningServer } from '../../handset/running-server.ts';
import type { Handsets } from '../handset-session.ts';
import { openHandsets } from '../handset-session.ts';

const busEveryMs = 1000;

/** Keeps the adb server of the window up, watches it, and says when to look again. */
export class LiveHandsetsService {
  readonly #adbPath: string | null;
  readonly #onChange: () => void;
  #handsets: Handsets | null = null;
  #starting: Promise<Result<Handsets>> | null = null;
  #problem: Problem | null = null;
  #stopWatching: (() => void) | null = null;
  readonly #usual: AdbEndpoint;
  readonly #usb: typeof usbHandsets;
  #busTimer: NodeJS.Timeout | null = null;
  #onBus = '';
  /** The person's choice: through the foreign server. */
  #found = false;

  /** `usual`: where a foreign server is looked for; `usb`: what is on the bus. */
  constructor(
    adbPath: string | null,
    onChange: () => void,
    usual: AdbEndpoint = usualAdbEndpoint,
    usb: typeof usbHandsets = usbHandsets,
  ) {
    this.#adbPath = adbPath;
    this.#usual = usual;
    this.#usb = usb;
    this.#onChange = onChange;
  }

  /** The handsets; starts the server when there is none. A start that failed is tried again at the next call. */
  async handsets(): Promise<Result<Handsets>> {
    if (this.#handsets !== null) return ok(this.#handsets);
    this.#starting ??= this.#start();
    const started = await this.#starting;
    this.#starting = null;
    return started;
  }

  async state(): Promise<AdbState> {
    const handsets = this.#handsets;
    const endpoint = handsets?.server.endpoint() ?? null;
    return {
      ready: endpoint !== null,
      version: handsets === null ? null : String(handsets.server.version),
      server: endpoint === null ? null : `${endpoint.host}:${endpoint.port}`,
      ownership: handsets === null ? null : handsets.server.kind === 'own' ? 'ours' : 'found',
      problem: endpoint === null ? this.#problem : null,
      foreign: handsets === null || handsets.server.kind === 'own' ? await this.#foreign() : null,
    };
  }

  /** Another server from now on; the one before is left (and ended, if it was ours). A server that does not answer changes nothing. */
  async use(which: 'ours' | 'found'): Promise<Result<LiveHandsets>> {
    if (which === 'found') {
      const there = await useRunningServer(this.#usual);
      if (!there.ok) return there;
    }
    await this.stop();
    this.#found = which === 'found';
    return this.live();
  }

  async #foreign(): Promise<ForeignAdb | null> {
    const foreign = await detectForeignServer(this.#usual);
    if (foreign === null) return null;
    return {
      server: `${foreign.endpoint.host}:${foreign.endpoint.port}`,
      version: String(foreign.version),
      serials: foreign.handsets.map((one) => one.serial),
    };
  }

  async live(): Promise<Result<LiveHandsets>> {
    const usb = this.#lookAtBus();
    const handsets = await this.handsets();
    if (!handsets.ok) return ok({ adb: await this.state(), handsets: [], usb });
    const listed = await handsets.value.list();
    if (!listed.ok)
      return ok({ adb: { ...(await this.state()), ready: false, problem: listed.problem }, handsets: [], usb });
    return ok({ adb: await this.state(), handsets: listed.value, usb });
  }

  /** adb says nothing of a phone without debugging: from the first question on the bus itself is looked at every second. */
  #lookAtBus(): LiveHandsets['usb'] {
    const now = this.#usb();
    this.#onBus = JSON.stringify(now);
    this.#busTimer ??= setInterval(() => {
      const before = this.#onBus;
      this.#onBus = JSON.stringify(this.#usb());
      if (this.#onBus !== before) this.#onChange();
    }, busEveryMs).unref();
    return now;
  }

  async connect(address: string): Promise<Result<LiveHandsets>> {
    const handsets = await this.handsets();
    if (!handsets.ok) return handsets;
    const connected = await handsets.value.connect(address);
    return connected.ok ? this.live() : connected;
  }

  async disconnect(address: string): Promise<Result<LiveHandsets>> {
    const handsets = await this.handsets();
    if (!handsets.ok) return handsets;
    const gone = await handsets.value.disconnect(address);
    return gone.ok ? this.live() : gone;
  }

  async stop(): Promise<void> {
    if (this.#busTimer !== null) clearInterval(this.#busTimer);
    this.#busTimer = null;
    if (this.#starting !== null) await this.#starting;
    this.#stopWatching?.();
    const handsets = this.#handsets;
    this.#handsets = null;
    await handsets?.stop();
  }

  async #start(): Promise<Result<Handsets>> {
    const opened = await openHandsets({
      adbPath: this.#adbPath,
      remember: true,
      lang: 'en',
      ...(this.#found ? { running: this.#usual } : {}),
    });
    if (!opened.ok) {
      this.#problem = opened.problem;
      return opened;
    }
    this.#problem = null;
    this.#handsets = opened.value;
    opened.value.server.onEvent((event) => {
      if (event.type === 'down') this.#problem = fail('SERVER_DOWN', undefined, event.reason).problem;
      this.#onChange();
    });
    this.#stopWatching = opened.value.directory.watch(() => this.#onChange());
    return opened;
  }
}
