const pattern = /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}:\d{2})(\.\d{1,9})?(Z|z|[+-](?:0\d|1\d|2[0-3]):[0-5]\d)$/;

/** Any RFC 3339 instant as UTC with microseconds, or null when it is none (or names a day that does not exist). */
export function instantOf(text: string): string | null {
  const match = pattern.exec(text.trim());
  if (match === null) return null;
  const [, day = '', time = '', fraction = '', zone = ''] = match;
  const wallMs = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(wallMs) || !new Date(wallMs).toISOString().startsWith(day)) return null;
  const seconds = Math.floor((wallMs - zoneMs(zone)) / 1000) * 1000;
  const micros = fraction.slice(1, 7).padEnd(6, '0');
  return `${new Date(seconds).toISOString().slice(0, 19)}.${micros}Z`;
}

function zoneMs(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000;
}

/** Microseconds since 1970 as RFC 3339 UTC. */
export function instantOfUs(us: number): string {
  const seconds = Math.floor(us / 1_000_000);
  const micros = Math.round(us - seconds * 1_000_000);
  const place = ((seconds % knownSeconds) + knownSeconds) % knownSeconds;
  if (seconds !== known.seconds[place]) {
    // It throws for what no calendar has: nothing is noted then.
    known.texts[place] = new Date(seconds * 1000).toISOString().slice(0, 19);
    known.seconds[place] = seconds;
  }
  return `${known.texts[place] as string}.${String(micros).padStart(6, '0')}Z`;
}

/** Messages come by the hundred in one second, and conversations begin and end in many: the text of each is made once. */
const knownSeconds = 256;
const known = {
  seconds: new Float64Array(knownSeconds).fill(Number.NaN),
  texts: Array.from({ length: knownSeconds }, () => ''),
};
