const LABELS = [
  'CLIENT_RANDOM',
  'CLIENT_EARLY_TRAFFIC_SECRET',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;

/** What a line of an NSS key log can hold that is of use here. */
export type SecretLabel = (typeof LABELS)[number];

const CODES: ReadonlyMap<string, number> = new Map(LABELS.map((label, i) => [label, i]));
const RANDOM_BYTES = 32;
const MAX_SECRET_BYTES = 48;
/** Label, length of the secret, random value, secret. */
const ROW_BYTES = 2 + RANDOM_BYTES + MAX_SECRET_BYTES;
const FIRST_ROWS = 64;
/** Occupied places passed on the way to a free one: more only where somebody made a key log whose secrets fall on one. */
const MAX_PASSED = 1000;

/** Secrets by label and the client's random value, in a table of bytes: a million of them take some 100 MB. */
export class SecretStore {
  private readonly maxRows: number;
  private rows = Buffer.alloc(0);
  /** Open addressing: row number + 1, 0 for an empty place. */
  private places = new Int32Array(FIRST_ROWS * 2);
  private readonly wanted = Buffer.alloc(1 + RANDOM_BYTES);
  /** Occupied places that the last look-up passed. */
  private passed = 0;
  size = 0;

  constructor(maxRows: number) {
    this.maxRows = maxRows;
  }

  /**
   * Random value and secret are hexadecimal; a later secret of the same session and label replaces the earlier one.
   * @returns `unknown` for what is no secret of use
   */
  add(label: string, random: string, secret: string): 'kept' | 'full' | 'unknown' {
    const code = CODES.get(label);
    const bytes = secret.length / 2;
    if (code === undefined || random.length !== 2 * RANDOM_BYTES || bytes > MAX_SECRET_BYTES || bytes % 1 !== 0)
      return 'unknown';
    let place = this.placeOf(code, random);
    let row = (this.places[place] ?? 0) - 1;
    if (row < 0) {
      if (this.size >= this.maxRows || this.passed > MAX_PASSED) return 'full';
      if ((this.size + 1) * 2 > this.places.length) {
        this.grow();
        place = this.placeOf(code, random);
      }
      row = this.size++;
      this.places[place] = row + 1;
    }
    this.write(row, code, random, secret);
    return 'kept';
  }

  find(label: SecretLabel, random: string): Uint8Array | null {
    if (random.length !== 2 * RANDOM_BYTES) return null;
    const row = (this.places[this.placeOf(CODES.get(label) ?? 0, random)] ?? 0) - 1;
    if (row < 0) return null;
    const at = row * ROW_BYTES;
    const from = at + 2 + RANDOM_BYTES;
    return new Uint8Array(this.rows.subarray(from, from + (this.rows[at + 1] ?? 0)));
  }

  private write(row: number, code: number, random: string, secret: string): void {
    const at = row * ROW_BYTES;
    if (at + ROW_BYTES > this.rows.length) {
      const bigger = Buffer.alloc(Math.max(FIRST_ROWS * ROW_BYTES, this.rows.length * 2));
      this.rows.copy(bigger);
      this.rows = bigger;
    }
    this.rows[at] = code;
    this.rows[at + 1] = secret.length / 2;
    this.rows.write(random, at + 2, 'hex');
    this.rows.write(secret, at + 2 + RANDOM_BYTES, 'hex');
  }

  /** Where the secret stands, or the empty place where it would. */
  private placeOf(code: number, random: string): number {
    const { wanted, places } = this;
    wanted[0] = code;
    wanted.write(random, 1, 'hex');
    this.passed = 0;
    for (let place = this.firstPlace(wanted, 1); ; place = (place + 1) & (places.length - 1), this.passed++) {
      const row = (places[place] ?? 0) - 1;
      if (row < 0 || this.isAt(row)) return place;
    }
  }

  private firstPlace(random: Buffer, at: number): number {
    let h = 0;
    for (let i = 0; i < RANDOM_BYTES; i += 4) {
      h = Math.imul(h ^ random.readInt32LE(at + i), 0x9e3779b1);
      h ^= h >>> 15;
    }
    return h & (this.places.length - 1);
  }

  private isAt(row: number): boolean {
    const at = row * ROW_BYTES;
    const { rows, wanted } = this;
    return rows[at] === wanted[0] && rows.compare(wanted, 1, 1 + RANDOM_BYTES, at + 2, at + 2 + RANDOM_BYTES) === 0;
  }

  private grow(): void {
    this.places = new Int32Array(this.places.length * 2);
    for (let row = 0; row < this.size; row++) {
      let place = this.firstPlace(this.rows, row * ROW_BYTES + 2);
      while (this.places[place] !== 0) place = (place + 1) & (this.places.length - 1);
      this.places[place] = row + 1;
    }
  }
}
