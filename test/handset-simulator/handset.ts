import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { makeWorld } from '../demo-world/world.ts';
import type { RunId, World } from '../demo-world/world.ts';
import { commandsFor } from './commands/command-table.ts';
import { Device } from './persona/device.ts';
import { layOutFiles } from './persona/file-layout.ts';
import { openPersona } from './persona/persona-folder.ts';
import { serviceFor } from './services/find-service.ts';
import { ReverseRules } from './services/reverse-service.ts';
import type { TemplateValues } from './persona/template.ts';
import type { AnswerOverride } from './shell/run-line.ts';
import { Connection } from './transport/connection.ts';
import type { ConnectionHost } from './transport/connection.ts';
import { listenOnOddPort } from './transport/listen.ts';
import type { DeviceStream } from './transport/device-stream.ts';
import type { HostKey } from './transport/rsa-key.ts';

/** Something that happens in the middle of a stream whose service string fits `service`. */
export interface StreamFault {
  readonly service: string | RegExp;
  /** Bytes of the service's own output (shell v2 frames included) that still arrive. */
  readonly afterBytes: number;
  /** `unplug`: the cable is gone; `mute`: the handset stays attached and says nothing any more. */
  readonly action: 'unplug' | 'mute';
}

export interface HandsetOptions {
  /** Folder of personas; main.ts knows where its own are. */
  readonly personas: string;
  readonly persona: string;
  readonly world?: World;
  readonly run?: RunId;
  /** 0 or left out: any free odd port (adb's `host:emulator:` wants an odd one). */
  readonly port?: number;
  readonly overrides?: readonly AnswerOverride[];
  /** Placeholders that replace the persona's own. */
  readonly values?: TemplateValues;
  readonly faults?: readonly StreamFault[];
  /** Commands take the time of the persona's `latency.json`. */
  readonly latencies?: boolean;
  /** A person who presses «OK» on the key prompt after so many milliseconds; null: nobody does until `authorise()`. */
  readonly approveAfterMs?: number | null;
  /** Names given for a folder by the sync service, whatever lies there (`../` attacks). */
  readonly listings?: Readonly<Record<string, readonly string[]>>;
}

export interface SimulatedHandset {
  readonly port: number;
  /** `127.0.0.1:PORT`, which is also its serial once `adb connect` has attached it. */
  readonly address: string;
  readonly device: Device;
  readonly rules: ReverseRules;
  /** Service strings that were opened, in order, and other notes. */
  readonly log: readonly string[];
  readonly connections: number;
  unplug(): Promise<void>;
  replug(): Promise<void>;
  mute(on: boolean): void;
  /** It goes down; it is up again, with an uptime that counts anew, at `replug()`. */
  reboot(): Promise<void>;
  /** The person allows the key that is shown now and all that follow. */
  authorise(): void;
  /** Whether somebody presses «OK» on the prompts that follow by themselves (`approveAfterMs`). */
  answerPrompts(on: boolean): void;
  /** From now on nobody is trusted any more; the connection is cut, as when debugging authorisations are revoked. */
  revoke(): void;
  addFault(fault: StreamFault): void;
  addOverride(answer: AnswerOverride): void;
  /** A program on the handset connects to a reverse listener. null: no such rule, or refused. Never opens anything without a rule. */
  openReverse(local: string): Promise<DeviceStream | null>;
  /** A connection to `service` for which there is no rule: a real adb server aborts by it (handbook: adb, trap 1). */
  openRogue(service: string): Promise<DeviceStream | null>;
  close(): Promise<void>;
}

const fits = (pattern: string | RegExp, text: string): boolean =>
  typeof pattern === 'string' ? text.includes(pattern) : pattern.test(text);

function bannerOf(device: Device): string {
  const { product, features } = device.persona;
  const properties = `ro.product.name=${product.name};ro.product.model=${product.model};ro.product.device=${product.device};`;
  return `device::${properties}${features.length > 0 ? `features=${features.join(',')}` : ''}`;
}

/** Plugs in one simulated handset: an ADB device that listens on a loopback port. */
export async function startHandset(options: HandsetOptions): Promise<SimulatedHandset> {
  const folder = openPersona(options.personas, options.persona);
  const device = new Device({
    folder,
    commandsFor,
    world: options.world ?? makeWorld(1),
    ...(options.run === undefined ? {} : { run: options.run }),
    ...(options.values === undefined ? {} : { values: options.values }),
    ...(options.overrides === undefined ? {} : { overrides: options.overrides }),
    latencies: options.latencies === true,
  });
  const state = new HandsetState(device, options);
  layOutFiles(device);
  await state.start(options.port ?? 0);
  return state;
}

class HandsetState implements SimulatedHandset {
  readonly device: Device;
  readonly rules = new ReverseRules();
  readonly log: string[] = [];
  port = 0;
  readonly #options: HandsetOptions;
  readonly #faults: { fault: StreamFault; left: number }[];
  readonly #sockets = new Map<Socket, Connection>();
  readonly #accepted: HostKey[] = [];
  readonly #prompts: { key: HostKey; allow: () => void }[] = [];
  #server: Server | null = null;
  #muted = false;
  #trusting = false;
  #answering = true;

  constructor(device: Device, options: HandsetOptions) {
    this.device = device;
    this.#options = options;
    this.#faults = (options.faults ?? []).map((fault) => ({ fault, left: fault.afterBytes }));
  }

  get address(): string {
    return `127.0.0.1:${this.port}`;
  }

  get connections(): number {
    return [...this.#sockets.values()].filter(({ online }) => online).length;
  }

  async start(port: number): Promise<void> {
    const server = createServer((socket) => {
      const connection = new Connection(socket, this.#connectionHost());
      this.#sockets.set(socket, connection);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        // adbd drops its reverse listeners with the transport they belong to.
        if (this.#sockets.size === 0) this.rules.clear();
      });
    });
    this.port = await listenOnOddPort(server, port);
    this.device.loopbackAddress = `127.8.${this.port >> 8}.${this.port & 255}`;
    this.#server = server;
  }

  async unplug(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = server === null ? null : new Promise((resolve) => server.close(resolve));
    for (const connection of this.#sockets.values()) connection.pull();
    this.device.stopEverything();
    await closed;
  }

  async replug(): Promise<void> {
    if (this.#server === null) await this.start(this.port);
  }

  mute(on: boolean): void {
    this.#muted = on;
  }

  async reboot(): Promise<void> {
    await this.unplug();
    this.device.rebootNow();
  }

  authorise(): void {
    this.#trusting = true;
    for (const { key, allow } of this.#prompts.splice(0)) {
      this.#accepted.push(key);
      allow();
    }
  }

  answerPrompts(on: boolean): void {
    this.#answering = on;
  }

  revoke(): void {
    this.#trusting = false;
    this.#accepted.length = 0;
    for (const connection of this.#sockets.values()) connection.pull();
  }

  addFault(fault: StreamFault): void {
    this.#faults.push({ fault, left: fault.afterBytes });
  }

  addOverride(answer: AnswerOverride): void {
    this.device.overrides.unshift(answer);
  }

  async openReverse(local: string): Promise<DeviceStream | null> {
    const target = this.rules.targetOf(local);
    return target === null ? null : this.openRogue(target);
  }

  async openRogue(service: string): Promise<DeviceStream | null> {
    const connection = [...this.#sockets.values()].find(({ online }) => online);
    return connection === undefined ? null : connection.open(service);
  }

  async close(): Promise<void> {
    await this.unplug();
  }

  #connectionHost(): ConnectionHost {
    const { device } = this;
    return {
      banner: bannerOf(device),
      maxPayload: device.persona.maxData,
      checksums: device.persona.checksums,
      acceptedKeys: () => (device.persona.auth === 'open' ? null : this.#accepted),
      showKey: (key, allow) => this.#showKey(key, allow),
      findService: (service) => {
        this.log.push(service);
        return serviceFor(service, {
          device,
          rules: this.rules,
          restart: () => void this.#restart(),
          listings: { ...device.persona.listings, ...this.#options.listings },
        });
      },
      allowance: (service, bytes) => this.#allowance(service, bytes),
      fault: (service) => this.#fault(service),
      muted: () => this.#muted,
      note: (text) => this.log.push(`note: ${text}`),
    };
  }

  #showKey(key: HostKey, allow: () => void): void {
    this.log.push(`prompt: ${key.owner}`);
    this.#prompts.push({ key, allow });
    if (this.#trusting) return this.authorise();
    const after = this.#options.approveAfterMs ?? null;
    if (after !== null && this.#answering) setTimeout(() => this.authorise(), after).unref();
  }

  #allowance(service: string, bytes: number): number {
    let allowed = bytes;
    for (const entry of this.#faults) {
      if (!fits(entry.fault.service, service)) continue;
      allowed = Math.min(allowed, entry.left);
      entry.left -= Math.min(entry.left, bytes);
    }
    return allowed;
  }

  #fault(service: string): void {
    const index = this.#faults.findIndex(({ fault, left }) => left === 0 && fits(fault.service, service));
    const [entry] = index < 0 ? [] : this.#faults.splice(index, 1);
    if (entry === undefined) return;
    this.log.push(`fault: ${entry.fault.action} in ${service}`);
    if (entry.fault.action === 'mute') this.#muted = true;
    else void this.unplug();
  }

  async #restart(): Promise<void> {
    await this.reboot();
    setTimeout(() => void this.replug(), 1500).unref();
  }
}
