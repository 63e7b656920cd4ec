import { captureNoteMessage, readCaptureNote } from '../../shared/model/capture-note.ts';
import type { Words } from './words.tsx';

/** What an event says: what a capture noted of itself in the window's language, everything else as it was written. */
export function eventText({ say }: Pick<Words, 'say'>, text: string): string {
  const note = readCaptureNote(text);
  if (note === null) return text;
  const { message, params } = captureNoteMessage(note);
  return say(`ui.capture-note.${message}`, params);
}
