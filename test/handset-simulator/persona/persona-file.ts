/** `persona.json` of a persona folder. See test/personas/README.md. */
export interface PersonaFile {
  readonly id: string;
  readonly synthetic: 'synthetic demonstration';
  /** Folder whose files are used where this one has none of that name. */
  readonly extends?: string;
  readonly handset: 'H1' | 'H2' | 'H3' | 'H4';
  readonly label: string;
  /** Runs after which this handset can be looked at; the last is the default. Empty: it lives in the present. */
  readonly runs: readonly string[];
  readonly release: string;
  readonly sdk: number;
  readonly product: { readonly name: string; readonly model: string; readonly device: string };
  readonly features: readonly string[];
  readonly maxData: number;
  readonly checksums: boolean;
  /** `prompt`: the handset asks the person whether to trust the workstation's key. */
  readonly auth: 'open' | 'prompt';
  /** The terminal of shell v1 turns LF into CRLF (till Android 6). */
  readonly crlf: boolean;
  /** `adbd`: adbd itself runs as root; `su`: a `su` exists. */
  readonly root: 'none' | 'su' | 'adbd';
  /** `scenario`: the clock stands at the end of the run when the handset is plugged in, and goes on from there. */
  readonly clock:
    | { readonly mode: 'scenario' }
    | { readonly mode: 'host'; readonly skewMs: number; readonly bootedBeforeSeconds: number };
  /** A hostile handset: names that its sync service gives for a folder, whatever lies there. */
  readonly listings?: Readonly<Record<string, readonly string[]>>;
  /** A further user whose restrictions keep the shell out: what asks for every user at once is refused as a whole. */
  readonly closedUser?: number;
  /** More placeholders. */
  readonly values: Readonly<Record<string, string | boolean>>;
}

/** Android's major and minor as one number, e.g. 4.3 → 403, 14 → 1400. */
export function releaseNumber(persona: PersonaFile): number {
  const [major = '0', minor = '0'] = persona.release.split('.');
  return Number(major) * 100 + Number(minor);
}
