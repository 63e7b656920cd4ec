/** One numbered step of the format of case.sqlite. Steps only add: what was written stays as it was hashed. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
}
