/** One difference between two labels (cli.md, compare). */
export interface Change {
  readonly kind:
    'setting' | 'property' | 'package' | 'permission' | 'component' | 'app-op' | 'build' | 'traffic' | 'crash' | 'fact';
  readonly change: 'added' | 'removed' | 'changed';
  readonly subject: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Plain words; for traffic: «not observed, n minutes, v % readable», never «no longer sent». */
  readonly meaning: string;
  readonly noise: boolean;
  /** What else a screen or report needs; keys are stable per kind. */
  readonly facts?: Readonly<Record<string, string | number | boolean | null>>;
}

/** How much of a label's traffic could be looked into. */
export interface Visibility {
  readonly label: string;
  /** Set where the figures are of one run of the label only. */
  readonly run?: string | null;
  readonly captures: readonly string[];
  readonly minutes: number;
  readonly payloadBytes: number;
  readonly readableBytes: number;
  /** 0..100, one decimal; null when nothing was captured. */
  readonly readablePercent: number | null;
  /** Whether the canaries at both ends were found: without them the run is not fit for absence. */
  readonly canaries: 'both' | 'start-only' | 'end-only' | 'none';
  readonly gaps: readonly string[];
  /** How often the recording itself was interrupted or lost packets: what went on then was not seen. Absent in a view of before. */
  readonly holes?: number;
}
