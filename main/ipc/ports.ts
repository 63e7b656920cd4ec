import type { Language } from '../../shared/contract/operation.ts';
import type { SavedFilter } from '../../shared/contract/settings.ts';
import type { WindowEvent } from '../../shared/contract/window.ts';
import type { Result } from '../../shared/model/problem.ts';
import type { HostInput, HostMethod, HostValue } from '../workflow/host/host-protocol.ts';

/** Asks the workflow host; never rejects: a dead host is a problem, too. */
export type AskHost = <Name extends HostMethod>(
  method: Name,
  input: HostInput<Name>,
  actor: string | null,
) => Promise<Result<HostValue<Name>>>;

/** The dialogs that give us paths; the page has no part in choosing them. Null: closed by the person. */
export interface Dialogs {
  /** Folder of a case that does not exist yet, ending in `.handsight`. */
  readonly newCase: (number: string) => Promise<string | null>;
  readonly openCase: () => Promise<string | null>;
  readonly captureFiles: () => Promise<readonly string[] | null>;
  /** What a handset printed elsewhere. */
  readonly outputFile: () => Promise<string | null>;
  /** A folder of androidqf. */
  readonly outputFolder: () => Promise<string | null>;
  /** Photos and documents. */
  readonly attachedFiles: () => Promise<readonly string[] | null>;
  readonly reportFile: (suggestedName: string, format: string) => Promise<string | null>;
  readonly adbProgram: () => Promise<string | null>;
}

export interface StoredCase {
  readonly directory: string;
  readonly number: string;
  readonly title: string;
  readonly synthetic: boolean;
  readonly openedAt: string;
}

/** What the workstation remembers about itself; never anything about a handset. */
export interface StoredSettings {
  readonly language: Language;
  readonly adbPath: string | null;
  readonly recent: readonly StoredCase[];
  readonly filters: readonly SavedFilter[];
  readonly collectors: readonly string[];
}

export interface SettingsStore {
  readonly get: () => StoredSettings;
  readonly set: (change: Partial<StoredSettings>) => void;
}

export interface RuntimeFacts {
  readonly version: string;
  readonly electron: string;
  readonly chromium: string;
  readonly node: string;
  readonly platform: string;
  readonly developmentRuntime: boolean;
}

/** What the shell lends to the handlers. */
export interface ShellPorts {
  readonly askHost: AskHost;
  readonly dialogs: Dialogs;
  readonly settings: SettingsStore;
  readonly facts: RuntimeFacts;
  readonly casesFolder: () => string;
  readonly copyText: (text: string) => void;
  readonly revealFile: (path: string) => void;
  readonly now: () => Date;
  readonly tell: (event: WindowEvent) => void;
  /** The menu and the dialogs follow the language. */
  readonly languageChanged: () => void;
}
