/** tcpdump's own totals, printed on standard error when it is ended by SIGINT. */
export interface TcpdumpTotals {
  readonly captured: number;
  readonly receivedByFilter: number | null;
  readonly droppedByKernel: number | null;
  readonly droppedByInterface: number | null;
}

/** Pure: reads the totals; null while there are none. «1 packet» is singular (tcpdump.c, PLURAL_SUFFIX). */
export function readTotals(standardError: string): TcpdumpTotals | null {
  const number = (words: string): number | null => {
    const match = new RegExp(`^(\\d{1,15}) packets? ${words}`, 'm').exec(standardError)?.[1];
    return match === undefined ? null : Number(match);
  };
  const captured = number('captured');
  if (captured === null) return null;
  return {
    captured,
    receivedByFilter: number('received by filter'),
    droppedByKernel: number('dropped by kernel'),
    droppedByInterface: number('dropped by interface'),
  };
}

/** Pure: the process id that our own `echo PID $$` wrote. 1 and numbers above Linux's limit are not believed. */
export function readPid(standardError: string): number | null {
  const pid = Number(/^PID (\d{1,7})\r?$/m.exec(standardError)?.[1] ?? 0);
  return pid > 1 && pid <= 4_194_304 ? pid : null;
}

/** Pure: tcpdump says so when the interface is open and packets are being taken. */
export function isListening(standardError: string): boolean {
  return /listening on /.test(standardError);
}
