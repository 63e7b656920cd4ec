/** What a `fact` is about: one word for each list of states that has no kind of its own. */
export const factTopics = [
  'user',
  'policy',
  'account',
  'network',
  'certificate',
  'process',
  'power',
  'job',
  'alarm',
  'usage',
  'service',
  'exit',
  'default-app',
  'listener',
  'webview',
  'traffic',
  'socket',
  'message',
  'message-text',
  'app-code',
] as const;
export type FactTopic = (typeof factTopics)[number];

/**
 * One parsed row of a snapshot (cli.md, records). Every record names the exhibit it was parsed from.
 * `label`, `handset`, `exhibit` are added by the workflow; parsers return RecordBody.
 */
export type RecordBody =
  | { readonly kind: 'property'; readonly name: string; readonly value: string }
  | {
      readonly kind: 'setting';
      readonly namespace: 'system' | 'secure' | 'global';
      readonly name: string;
      readonly value: string;
    }
  | {
      readonly kind: 'package';
      readonly name: string;
      readonly state: 'enabled' | 'disabled' | 'disabled-user' | 'disabled-until-used' | 'uninstalled' | 'unknown';
      readonly system: boolean | null;
      readonly versionName: string | null;
      readonly versionCode: string | null;
      readonly installer: string | null;
      readonly path: string | null;
      readonly uid: number | null;
      readonly firstInstallTime: string | null;
      readonly lastUpdateTime: string | null;
      readonly stopped: boolean | null;
    }
  | {
      readonly kind: 'permission';
      readonly package: string;
      readonly name: string;
      readonly granted: boolean;
      readonly scope: 'install' | 'runtime' | 'requested';
    }
  | {
      readonly kind: 'component';
      readonly package: string;
      readonly name: string;
      readonly type: 'activity' | 'service' | 'receiver' | 'provider' | 'unknown';
      readonly enabled: boolean | null;
      /** Actions it answers to, sorted; boot receivers have android.intent.action.BOOT_COMPLETED here. */
      readonly actions: readonly string[];
      readonly bootReceiver: boolean;
    }
  | {
      readonly kind: 'app-op';
      readonly package: string;
      readonly op: string;
      readonly mode: 'allow' | 'ignore' | 'deny' | 'ask' | 'default' | 'foreground' | 'unknown';
      readonly lastAccess: string | null;
    }
  | {
      readonly kind: 'crash';
      readonly package: string | null;
      readonly process: string | null;
      readonly tag: string;
      readonly atHandset: string | null;
      readonly exception: string | null;
      readonly summary: string;
    }
  | {
      readonly kind: 'log';
      readonly buffer: string;
      readonly atHandset: string | null;
      /** True where the line had no year and it was taken from the acquisition's clock. */
      readonly yearAssumed: boolean;
      readonly pid: number | null;
      readonly priority: string;
      readonly tag: string;
      readonly message: string;
    }
  | {
      readonly kind: 'identifier';
      readonly identifierKind: string;
      readonly value: string;
      readonly method: string;
      /** Set where `value` is masked in a list: the name of an account. */
      readonly masked?: true;
    }
  | {
      readonly kind: 'event';
      readonly eventKind: 'consent-act' | 'stimulus' | 'note' | 'canary';
      readonly atHandset: string;
      readonly text: string;
    }
  | {
      readonly kind: 'clock';
      /** Handset minus workstation, and how far that may be off. */
      readonly offsetMs: number;
      readonly boundMs: number;
      readonly zone: string | null;
      /** By the workstation, where several measurements stand in one exhibit: those of a live capture. */
      readonly measuredAt?: string;
    }
  | {
      readonly kind: 'silent-sms';
      readonly atHandset: string | null;
      readonly destination: string | null;
      readonly text: string;
    }
  | {
      /** One thing that the system says of its state: a restriction of a user, a job of a package, an event of use … */
      readonly kind: 'fact';
      readonly topic: FactTopic;
      /** Whose it is, where the output says so. */
      readonly package: string | null;
      /** What it is, within its topic; grouped as `USER/NAME`, `battery/level` …. */
      readonly name: string;
      /** In the handset's words. */
      readonly value: string;
      /** When, where it is an event of the handset's clock. */
      readonly atHandset: string | null;
      /** Set where `value` is masked in a list: the text of a message. */
      readonly masked?: true;
    };

export type SnapshotRecord = RecordBody & {
  readonly label: string;
  readonly handset: string;
  readonly run: string | null;
  readonly exhibit: string;
};

/** What a record means, where a source says so: in words of the language asked for, with that source and the release it was seen on. */
export interface MeaningOfRecord {
  readonly meaning?: string;
  readonly meaningSource?: string;
  readonly meaningSeenOn?: string;
}

/** Why an instant of the handset's clock cannot be put onto the workstation's. */
export const ambiguities = [
  'clock-not-measured',
  'clock-was-set',
  'clock-far-off',
  'zone-not-known',
  /** The end of daylight saving shows an hour twice; its begin leaves one out, so that the clock was not in this zone. */
  'hour-repeated',
  'hour-skipped',
] as const;

/** The second clock of a record that has an instant of the handset's: ours, with how far it may be off; or why there is none. */
export interface InstantOfRecord {
  /** RFC 3339 UTC with microseconds, by the offset that the acquisition measured. */
  readonly at?: string;
  readonly atBoundMs?: number;
  readonly ambiguous?: (typeof ambiguities)[number];
}
