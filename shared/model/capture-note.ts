/** What a live capture notes of itself as an event of the case: stored in English, worded where it is shown. */
export type CaptureNote =
  | {
      readonly type: 'canary';
      readonly when: 'begin' | 'end';
      readonly nonce: string;
      readonly segment: number;
      /** Where in the segment it was seen; null: nowhere. */
      readonly foundAtByte: number | null;
    }
  | { readonly type: 'clock-set'; readonly seconds: number }
  /** The handset's tcpdump never got them. */
  | { readonly type: 'dropped'; readonly packets: number; readonly segment: number }
  /** `until` null: it was not resumed. */
  | { readonly type: 'interrupted'; readonly until: string | null; readonly cause: string };

export function captureNoteText(note: CaptureNote): string {
  if (note.type === 'clock-set') return `the handset's clock was set during the capture, by ${note.seconds} s`;
  if (note.type === 'dropped')
    return `${note.packets} packet(s) of segment ${note.segment} were dropped on the handset`;
  if (note.type === 'interrupted') return `capture interrupted until ${note.until ?? 'the end'}: ${note.cause}`;
  const found = note.foundAtByte === null ? 'not found' : `found at byte ${note.foundAtByte}`;
  return `canary ${note.when} ${note.nonce} in segment ${note.segment}: ${found}`;
}

/** The note's parts again; null when the text is something else. `NOT FOUND` is how earlier versions wrote it. */
export function readCaptureNote(text: string): CaptureNote | null {
  const [, when, nonce, segment, found] =
    /^canary (begin|end) ([0-9a-f]{32}) in segment (\d{1,9}): (?:not found|NOT FOUND|found at byte (\d{1,15}))$/.exec(
      text,
    ) ?? [];
  if (nonce !== undefined) {
    const foundAtByte = found === undefined ? null : Number(found);
    return { type: 'canary', when: when === 'end' ? 'end' : 'begin', nonce, segment: Number(segment), foundAtByte };
  }
  const seconds = /^the handset's clock was set during the capture, by (-?\d{1,12}) s$/.exec(text)?.[1];
  if (seconds !== undefined) return { type: 'clock-set', seconds: Number(seconds) };
  const [, packets, dropping] =
    /^(\d{1,15}) packet\(s\) of segment (\d{1,9}) were dropped on the handset$/.exec(text) ?? [];
  if (packets !== undefined) return { type: 'dropped', packets: Number(packets), segment: Number(dropping) };
  const [, until, cause] = /^capture interrupted until (the end|\d{4}-[\d:.TZ-]{5,30}): (.*)$/s.exec(text) ?? [];
  if (until === undefined || cause === undefined) return null;
  return { type: 'interrupted', until: until === 'the end' ? null : until, cause };
}

/** Message and arguments of a note; the families of the catalogues have the same names (`FAMILY.canary-found` …). */
export function captureNoteMessage(note: CaptureNote): {
  readonly message: 'canary-found' | 'canary-lost' | 'clock-set' | 'dropped' | 'interrupted' | 'not-resumed';
  readonly params: Readonly<Record<string, string | number>>;
} {
  if (note.type === 'clock-set') return { message: 'clock-set', params: { seconds: note.seconds } };
  if (note.type === 'dropped') {
    return { message: 'dropped', params: { packets: note.packets, segment: note.segment } };
  }
  if (note.type === 'interrupted') {
    const { until, cause } = note;
    return until === null
      ? { message: 'not-resumed', params: { cause } }
      : { message: 'interrupted', params: { until, cause } };
  }
  const { when, nonce, segment, foundAtByte } = note;
  const params = { nonce, segment, when };
  return foundAtByte === null
    ? { message: 'canary-lost', params }
    : { message: 'canary-found', params: { ...params, at: foundAtByte } };
}
