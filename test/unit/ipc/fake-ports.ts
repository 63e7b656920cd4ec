import type { AskHost, Dialogs, ShellPorts, StoredSettings } from '../../../main/ipc/ports.ts';
import { ok, type Result } from '../../../shared/model/problem.ts';

export interface Asked {
  readonly method: string;
  readonly input: unknown;
  readonly actor: string | null;
}

export interface FakePorts extends ShellPorts {
  readonly asked: Asked[];
  readonly copied: string[];
  readonly revealed: string[];
}

export const noDialogs: Dialogs = {
  newCase: () => Promise.resolve(null),
  openCase: () => Promise.resolve(null),
  captureFiles: () => Promise.resolve(null),
  outputFile: () => Promise.resolve(null),
  outputFolder: () => Promise.resolve(null),
  attachedFiles: () => Promise.resolve(null),
  reportFile: () => Promise.resolve(null),
  adbProgram: () => Promise.resolve(null),
};

/** Ports that remember what was asked; `answer` gives the host's replies. */
export function fakePorts(
  answer: (method: string, input: unknown) => Result<unknown> = () => ok(null),
  dialogs: Partial<Dialogs> = {},
): FakePorts {
  const asked: Asked[] = [];
  const copied: string[] = [];
  const revealed: string[] = [];
  let stored: StoredSettings = { language: 'en', adbPath: null, recent: [], filters: [], collectors: [] };
  const askHost = ((method: string, input: unknown, actor: string | null) => {
    asked.push({ method, input, actor });
    return Promise.resolve(answer(method, input));
  }) as AskHost;
  return {
    asked,
    copied,
    revealed,
    askHost,
    dialogs: { ...noDialogs, ...dialogs },
    settings: {
      get: () => stored,
      set: (change) => {
        stored = { ...stored, ...change };
      },
    },
    facts: {
      version: '0.1.0',
      electron: '33.2.1',
      chromium: '130',
      node: '20.18.1',
      platform: 'linux x64',
      developmentRuntime: false,
    },
    casesFolder: () => '/nowhere/cases',
    copyText: (text) => copied.push(text),
    revealFile: (path) => revealed.push(path),
    now: () => new Date('2014-08-07T10:00:00Z'),
    tell: () => undefined,
    languageChanged: () => undefined,
  };
}

/** What a case looks like when the host opens it. */
export function hostCase(directory: string) {
  return {
    summary: {
      directory,
      formatVersion: 1,
      number: '2014-081',
      title: 'T',
      examiner: 'Lin',
      createdAt: '2014-08-07T10:00:00.000000Z',
      synthetic: false,
      counts: { handsets: 0, identifiers: 0, exhibits: 0, events: 0, complaints: 0, decisions: 0, custody: 1 },
      labels: [],
      head: 'a'.repeat(64),
      writer: null,
      indexGeneration: null,
    },
    mode: 'writer' as const,
    readerBecause: null,
    runs: [],
    analysed: false,
    findings: 0,
  };
}
