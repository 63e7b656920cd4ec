import type { CaseEvent } from '../../../shared/model/event.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import type { FindingDraft } from '../../../shared/model/finding.ts';
import type { SnapshotRecord } from '../../../shared/model/record.ts';
import type { Flow, Message } from '../../../shared/model/traffic.ts';
import type { CountryDatabase } from '../destinations/country-database.ts';
import type { NameBook } from '../destinations/name-book.ts';
import type { NetworkDatabase } from '../destinations/network-database.ts';
import type { Hit } from '../search/hit.ts';
import type { PatternSet } from '../transforms/pattern-set.ts';

export interface FrameOfExhibit {
  readonly exhibit: string;
  readonly frame: number;
}

/** A hit with its place in the case. */
export interface PlacedHit {
  readonly hit: Hit;
  /** Of the first frame. */
  readonly exhibit: string;
  /**
   * Where `hit.origin.frames` lie, in the same order: exhibit, and number in that exhibit. Absent: in `exhibit`, under the
   * same numbers. (A capture of several files counts its frames through.)
   */
  readonly frames?: readonly FrameOfExhibit[];
  /** Where `frames` are given: the one, by its number in `exhibit`, that names the place in keys, if it is not the first. */
  readonly keyFrame?: number;
  /** `Flow.id` of the conversation. */
  readonly flow: number;
  /** The message that `hit.origin.message` names, or null. */
  readonly message: Message | null;
}

export interface ExhibitFacts extends Pick<Exhibit, 'id' | 'sha256' | 'label' | 'handset' | 'run'> {
  /** How far the times of its packets stepped back, at most; absent where they did not. */
  readonly clockStepUs?: number;
}

/** What the rules judge. Order of the lists does not matter: findings come out sorted. */
export interface FindingInput {
  readonly patterns: PatternSet;
  readonly exhibits: readonly ExhibitFacts[];
  readonly flows: readonly Flow[];
  readonly messages: readonly Message[];
  /** By `Flow.id`, of conversations with DNS answers: the address that asked. Absent: not known. */
  readonly answeredTo?: ReadonlyMap<number, string>;
  readonly hits: readonly PlacedHit[];
  readonly events: readonly CaseEvent[];
  readonly records: readonly SnapshotRecord[];
  /** Bytes searched per exhibit, from the searcher's statistics: they decide what chance explains. */
  readonly bytesSearched: ReadonlyMap<string, number>;
  readonly countries: CountryDatabase | null;
  /** Absent or null: no holder of a network is said. */
  readonly networks?: NetworkDatabase | null;
}

/** What every rule needs, looked up once. */
export interface RuleContext extends FindingInput {
  readonly exhibitOf: ReadonlyMap<string, ExhibitFacts>;
  readonly flowOf: ReadonlyMap<number, Flow>;
  readonly names: NameBook;
  /** `#2`, `#3` … for an exhibit whose very bytes are in the case before, so that keys stay apart; nothing for others. */
  readonly copyOf: ReadonlyMap<string, string>;
}

/** A draft whose sentence is still to be worded: makeFindings words them all in one place. */
export type UnwordedFinding = Omit<FindingDraft, 'statement'>;

/** One rule. A new one is one file and one line in `rules.ts`. */
export interface Detector {
  readonly rule: string;
  readonly version: number;
  detect(context: RuleContext): UnwordedFinding[];
}
