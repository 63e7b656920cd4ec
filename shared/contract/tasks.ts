import * as z from 'zod';
import type { Outcome, Progress } from '../model/acquisition.ts';
import type { CheckLine } from '../model/custody.ts';
import type { CaptureEnd } from '../model/exhibit.ts';
import type { LiveSight } from '../model/live-sight.ts';
import type { Problem } from '../model/problem.ts';
import { command, displayId, nothing, query } from './operation.ts';

export const taskKinds = [
  'demonstration',
  'acquisition',
  'capture',
  'import',
  'analysis',
  'verification',
  'search',
  'report',
] as const;
export type TaskKind = (typeof taskKinds)[number];

/** `stopping`: asked to end, still putting away what it has. */
export type TaskStatus = 'running' | 'stopping' | 'done' | 'done-with-gaps' | 'failed' | 'cancelled';

/** One collector, file or step of a task. */
export interface TaskItem {
  readonly id: string;
  /** Catalogue key of the title, or null when `title` is to be shown as it is. */
  readonly titleKey: string | null;
  readonly title: string;
  readonly state: 'waiting' | 'running' | 'done' | 'failed' | Outcome;
  /** Why it is not simply `read` or `done`; worded. */
  readonly detail: string | null;
}

export interface SearchHit {
  readonly exhibit: string;
  /** Where in the exhibit, worded: `bytes`, `http body` … */
  readonly where: string;
  readonly offset: number | null;
  /** How the text was written there: `plain`, `hex`, `utf-16le` … */
  readonly form: string;
  readonly context: string;
  readonly frame: number | null;
}

export type TaskResult<CaseReference> =
  | ({ readonly kind: 'demonstration' } & CaseReference)
  | { readonly kind: 'acquisition'; readonly acquisition: string }
  | { readonly kind: 'capture'; readonly exhibits: readonly string[]; readonly end: CaptureEnd }
  | {
      readonly kind: 'import';
      readonly exhibits: readonly string[];
      /** Null where it was no capture. */
      readonly packets: number | null;
      /** What a person should know of it, worded: read as one, gone on with … */
      readonly notices?: readonly string[];
      /** Of what others collected: the acquisition that it was taken in as. */
      readonly acquisition?: string;
    }
  | {
      readonly kind: 'analysis';
      readonly generation: number;
      readonly findings: number;
      readonly newFindings: number;
    }
  | {
      readonly kind: 'verification';
      readonly ok: boolean;
      readonly checks: number;
      readonly failed: number;
      readonly head: string | null;
      readonly firstFailure: string | null;
      /** The first 200 that failed. */
      readonly failures: readonly CheckLine[];
    }
  | {
      readonly kind: 'search';
      readonly text: string;
      /** The first 2,000. */
      readonly hits: readonly SearchHit[];
      readonly truncated: boolean;
      readonly exhibitsSearched: number;
      readonly bytesSearched: number;
    }
  | {
      readonly kind: 'report';
      readonly fileName: string;
      readonly bytes: number;
      readonly sha256: string;
      readonly format: string;
    };

/** What a running capture shows already: provisional, the analysis of the closed exhibit decides. */
export interface TaskLive {
  readonly sights: readonly LiveSight[];
  /** Further first sights over the limit, counted only. */
  readonly dropped: number;
  /** Why the search ended while the capture goes on (English), or null. */
  readonly failure: string | null;
}

/** Everything that takes longer than a moment is a task: it outlives the page that started it. */
export interface TaskOf<CaseReference, ResultReference> {
  readonly task: string;
  readonly kind: TaskKind;
  /** Handset serial, file names …: hostile text. */
  readonly title: string;
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly status: TaskStatus;
  readonly progress: Progress | null;
  readonly items: readonly TaskItem[];
  /** Live figures: `packets`, `dropped`, `bytes`, `segments` …; null where the source cannot say. */
  readonly counts: Readonly<Record<string, number | null>>;
  /** Of a capture whose traffic is searched while it runs. */
  readonly live?: TaskLive;
  readonly problem: Problem | null;
  /** What a person should know of it while it runs and after, worded in each language, one a line. */
  readonly notices?: readonly Readonly<Record<'en' | 'zh-Hant', string>>[];
  /** What is missing from the result, worded, one a line. */
  readonly gaps: readonly string[];
  readonly result: TaskResult<ResultReference> | null;
  readonly about: CaseReference | null;
}

/** As the page sees it: cases by token. */
export type Task = TaskOf<{ readonly case: string }, { readonly case: string }>;
/** As the workflow host says it: cases by folder. */
export type HostTask = TaskOf<{ readonly directory: string }, { readonly directory: string }>;

export interface Started {
  readonly task: string;
}

export const taskId = displayId;

export const tasks = {
  /** Running tasks and those that ended in this session, newest first. */
  'tasks.list': query<readonly Task[]>()(nothing),
  /** Ends it early; what was stored stays. */
  'tasks.cancel': command<null>()(z.strictObject({ task: taskId })),
} as const;
