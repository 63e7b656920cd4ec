/** Words of an argument that are no secret, by command: the name of who logs in, or of the way to do so. */
const OPEN_WORDS: ReadonlyMap<string, number> = new Map([
  // RFC 959 (FTP), RFC 1939 (POP), and the account's own password of RFC 959.
  ['PASS', 0],
  ['ACCT', 0],
  // RFC 1939, 7: a name, then a digest with the password in it.
  ['APOP', 1],
  // RFC 4954, 5034, 9051: a mechanism, then what it sends first.
  ['AUTH', 1],
  ['AUTHENTICATE', 1],
  // RFC 9051, 6.2.3: a name, then the password.
  ['LOGIN', 1],
]);

/** Verbs that could be base64 as well. */
const SHORT_VERBS = /^(?:QUIT|RSET|NOOP|DATA|STLS|STAT|LIST|CAPA|UIDL|HELO|EHLO|LHLO)$/i;

/** Begins this command an exchange whose next lines may prove who the client is (RFC 4954, 4)? */
export function beginsProof(command: string): boolean {
  return command === 'AUTH' || command === 'AUTHENTICATE';
}

/** Could a line behind such a command be a name, a password or another proof: base64 in one word? */
export function isProof(line: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(line) && line.length % 4 === 0 && !SHORT_VERBS.test(line);
}

export interface ToldArgument {
  readonly argument: string;
  /** Characters that were left out of `argument` because they are a secret. */
  readonly withheld?: number;
}

/** What is told of a command's argument: a password is evidence in the exhibit, no text for lists and reports. */
export function withoutSecret(command: string, argument: string): ToldArgument {
  const open = OPEN_WORDS.get(command);
  if (open === undefined) return { argument };
  const told = open === 0 ? '' : (/^\s*(?:"(?:[^"\\]|\\.)*"|\S+)/s.exec(argument)?.[0] ?? '');
  const rest = argument.slice(told.length).trim();
  return rest === '' ? { argument: told } : { argument: told, withheld: rest.length };
}
