import { makeRandom } from '../../demo-world/random.ts';
import { runOf } from '../../demo-world/world.ts';
import type { RunId, World, WorldRun } from '../../demo-world/world.ts';
import { VirtualFiles } from '../services/virtual-files.ts';
import type { CommandHandler, CommandTable } from '../shell/command.ts';
import type { AnswerOverride } from '../shell/run-line.ts';
import type { SettingsNamespace } from './settings-namespace.ts';
import { momentsOf, localText, presentMoments } from './moments.ts';
import type { Moments } from './moments.ts';
import { releaseNumber } from './persona-file.ts';
import type { PersonaFile } from './persona-file.ts';
import type { PersonaFolder } from './persona-folder.ts';
import { fillTemplate } from './template.ts';
import type { TemplateValues } from './template.ts';
import { valuesOf } from './values.ts';

/** An answer of `answers.json`: `file` is a text of the persona. */
interface FixedAnswer {
  readonly file?: string;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

export interface DeviceOptions {
  readonly folder: PersonaFolder;
  readonly world: World;
  /** Which run lies just behind the handset; the persona's last one when left out. */
  readonly run?: RunId;
  readonly overrides?: readonly AnswerOverride[];
  /** Placeholders that replace the persona's own, e.g. byte totals of the captures made beside it. */
  readonly values?: TemplateValues;
  /** Every program that a shell on this handset finds. */
  readonly commandsFor: (device: Device) => CommandTable;
  /** Whether commands take the time that `latency.json` says; else they answer at once. */
  readonly latencies?: boolean;
  /** The workstation's clock, milliseconds. */
  readonly hostNow?: () => number;
}

/** The state of one simulated handset: what it is, what its clock says, what was changed on it since it was plugged in. */
export class Device {
  readonly folder: PersonaFolder;
  readonly persona: PersonaFile;
  readonly world: World;
  readonly run: WorldRun | null;
  readonly release: number;
  readonly values: TemplateValues;
  readonly moments: Moments;
  readonly files: VirtualFiles;
  readonly properties: ReadonlyMap<string, string>;
  readonly settings: Readonly<Record<SettingsNamespace, Map<string, string>>>;
  readonly overrides: AnswerOverride[];
  /** Every command line that was run, in order. */
  readonly journal: string[] = [];
  readonly commands: CommandTable;
  /** Loopback address that the traffic of this handset comes from: nothing else on the workstation uses it. */
  loopbackAddress = '127.8.0.2';
  /** Room that is left for what is written on it; a full storage is 0. */
  freeBytes = Number.POSITIVE_INFINITY;
  readonly #latencies: readonly { readonly match: RegExp; readonly ms: number }[];
  readonly #answers: Readonly<Record<string, FixedAnswer>>;
  readonly #hostNow: () => number;
  readonly #pluggedAtMs: number;
  #clockStepMs = 0;
  #rebootedAtMs: number | null = null;
  #pid: number;
  readonly #stoppers = new Set<() => void>();
  /** Virtual process ids that `kill` can reach. */
  readonly processes = new Map<number, (signal: NodeJS.Signals) => void>();

  constructor(options: DeviceOptions) {
    this.folder = options.folder;
    this.persona = options.folder.persona;
    this.world = options.world;
    const runId = options.run ?? (this.persona.runs.at(-1) as RunId | undefined);
    this.run = runId === undefined ? null : runOf(options.world, runId);
    this.release = releaseNumber(this.persona);
    this.#hostNow = options.hostNow ?? Date.now;
    this.#pluggedAtMs = this.#hostNow();
    this.#pid = makeRandom(options.world.seed, `pid ${this.persona.id}`).between(2600, 3900);
    this.moments = this.run === null ? presentMoments(this.#bootMs()) : momentsOf(this.run);
    this.values = { ...valuesOf(options.world, this.persona, this.run), ...options.values };
    this.overrides = [...(options.overrides ?? [])];
    this.files = new VirtualFiles(() => Math.floor(this.nowMs() / 1000));
    this.properties = parseProperties(this.text('getprop.txt') ?? '');
    const table = (namespace: SettingsNamespace): Map<string, string> =>
      parseAssignments(this.text(`settings.${namespace}.txt`) ?? '');
    this.settings = { system: table('system'), secure: table('secure'), global: table('global') };
    this.#answers = JSON.parse(this.text('answers.json') ?? '{}') as Record<string, FixedAnswer>;
    this.#latencies = options.latencies === true ? readLatencies(this.folder.text('latency.json')) : [];
    this.commands = options.commandsFor(this);
  }

  /** How long a command line takes before it answers, milliseconds. */
  latencyMs(line: string): number {
    return this.#latencies.find(({ match }) => match.test(line))?.ms ?? 0;
  }

  #bootMs(): number {
    const { clock } = this.persona;
    return clock.mode === 'host' ? this.#pluggedAtMs + clock.skewMs - clock.bootedBeforeSeconds * 1000 : 0;
  }

  /** The handset's own clock, milliseconds since 1970. */
  nowMs(): number {
    const host = this.#hostNow();
    const { clock } = this.persona;
    if (clock.mode === 'host') return host + clock.skewMs + this.#clockStepMs;
    return (this.moments.resolve('end+8') ?? 0) + (host - this.#pluggedAtMs) + this.#clockStepMs;
  }

  /** The handset's clock minus the workstation's. */
  skewMs(): number {
    return this.nowMs() - this.#hostNow();
  }

  bootedAtMs(): number {
    return this.#rebootedAtMs ?? this.moments.resolve('boot') ?? 0;
  }

  /** From now on its uptime counts anew. */
  rebootNow(): void {
    this.#rebootedAtMs = this.nowMs() - this.#clockStepMs;
  }

  uptimeSeconds(): number {
    // A clock step moves the wall clock only.
    return (this.nowMs() - this.#clockStepMs - this.bootedAtMs()) / 1000;
  }

  /** The handset's wall clock jumps, its uptime does not. */
  stepClock(ms: number): void {
    this.#clockStepMs += ms;
  }

  localText(ms: number): string {
    return localText(this.world, ms);
  }

  /** A persona text with its placeholders filled; null when the persona has no such file. */
  text(name: string): string | null {
    const raw = this.folder.text(name);
    return raw === null ? null : this.fill(raw);
  }

  fill(raw: string): string {
    return fillTemplate(raw, this.values, (style, expression) => {
      const ms = this.moments.resolve(expression);
      if (ms === null) throw new Error(`${this.persona.id}: no moment ${expression} in this run`);
      if (style === 'local') return this.localText(ms);
      if (style === 'epoch') return String(Math.floor(ms / 1000));
      if (style === 'epochMs') return String(ms);
      if (style === 'hex') return ms.toString(16);
      throw new Error(`unknown time wording ${style}`);
    });
  }

  /** Lines of a text of which each may refer to a moment that this run does not have: such lines are left out. */
  fillLines(raw: string): string[] {
    return raw.split('\n').flatMap((line) => {
      const wanted = [...line.matchAll(/\{\{(?:local|epoch|epochMs|hex) ([^}]+)\}\}/g)];
      const missing = wanted.some((match) => this.moments.resolve((match[1] ?? '').trim()) === null);
      return missing ? [] : this.fill(line).split('\n');
    });
  }

  get adbdIsRoot(): boolean {
    return this.persona.root === 'adbd';
  }

  hasFeature(feature: string): boolean {
    return this.persona.features.includes(feature);
  }

  nextPid(): number {
    this.#pid += makeRandom(this.#pid, 'step').between(1, 9);
    return this.#pid;
  }

  /** May the shell user write there? */
  writable(path: string): boolean {
    return (
      /^\/(data\/local\/tmp|bugreports|data\/user_de\/0\/com\.android\.shell\/files\/bugreports|storage|sdcard|mnt\/sdcard)\/.+/.test(
        path,
      ) ||
      (this.adbdIsRoot && !path.startsWith('/proc/'))
    );
  }

  /** What `answers.json` says to exactly this command: a text of the persona, or words of its own. */
  answer(words: string): CommandHandler | null {
    const answer = this.#answers[words];
    if (answer === undefined) return null;
    return async ({ io }) => {
      const text = answer.file === undefined ? (answer.stdout ?? '') : (this.text(answer.file) ?? '');
      if (text !== '') await io.out(text);
      if (answer.stderr !== undefined) await io.err(answer.stderr);
      return answer.exitCode ?? 0;
    };
  }

  notFound(name: string): string {
    const wording = this.release >= 1000 ? 'inaccessible or not found' : 'not found';
    return `/system/bin/sh: ${name}: ${wording}\n`;
  }

  promptText(): string {
    const mark = this.adbdIsRoot ? '#' : '$';
    return this.release < 600
      ? `shell@${this.persona.product.device}:/ ${mark} `
      : `${this.persona.product.device}:/ ${mark} `;
  }

  /** Something that must be stopped when the cable is pulled or the handset goes away. Returns how to forget it. */
  whileRunning(stop: () => void): () => void {
    this.#stoppers.add(stop);
    return () => this.#stoppers.delete(stop);
  }

  stopEverything(): void {
    for (const stop of this.#stoppers) stop();
    this.#stoppers.clear();
  }
}

/** The first row that fits a command line decides. */
function readLatencies(text: string | null): { match: RegExp; ms: number }[] {
  const table = JSON.parse(text ?? '{"rows":[]}') as { rows: { match: string; ms: number }[] };
  return table.rows.map(({ match, ms }) => ({ match: new RegExp(match), ms }));
}

/** `[key]: [value]` lines; a value may go over several lines. */
export function parseProperties(text: string): ReadonlyMap<string, string> {
  const properties = new Map<string, string>();
  for (const match of text.matchAll(/^\[([^\]]+)\]: \[([\s\S]*?)\]$(?=\n\[|\n*$(?![\s\S]))/gm)) {
    properties.set(match[1] ?? '', match[2] ?? '');
  }
  return properties;
}

/** `key=value` lines; `#` begins a comment line. */
export function parseAssignments(text: string): Map<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0 && !line.startsWith('#')) values.set(line.slice(0, at), line.slice(at + 1));
  }
  return values;
}
