/** One link of the custody chain. */
export interface CustodyEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  /** Verb in the field's words: `case-created`, `exhibit-added`, `decision-made` … */
  readonly action: string;
  /** `table/rowid` of the row inserted with it, or null for a pure note. */
  readonly subject: string | null;
  readonly note: string | null;
  readonly rowHash: string | null;
  readonly previousHash: string;
  readonly hash: string;
}

export interface CheckLine {
  readonly check: 'exhibit' | 'custody' | 'row' | 'index' | 'signature';
  readonly subject: string;
  readonly ok: boolean;
  readonly detail: string | null;
}

export interface CaseSummary {
  readonly directory: string;
  readonly formatVersion: number;
  readonly number: string;
  readonly title: string;
  readonly examiner: string;
  readonly createdAt: string;
  readonly synthetic: boolean;
  readonly counts: Readonly<
    Record<'handsets' | 'identifiers' | 'exhibits' | 'events' | 'complaints' | 'decisions' | 'custody', number>
  >;
  readonly labels: readonly string[];
  readonly head: string;
  readonly writer: {
    readonly pid: number;
    readonly host: string;
    readonly doing: string;
    readonly since: string;
  } | null;
  readonly indexGeneration: number | null;
}
