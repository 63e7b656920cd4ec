import { describe, expect, test } from 'vitest';
import type { CaptureNote } from '../../../shared/model/capture-note.ts';
import { captureNoteMessage, captureNoteText, readCaptureNote } from '../../../shared/model/capture-note.ts';
import en from '../../../shared/locale/en.json' with { type: 'json' };
import reportEn from '../../../shared/locale/report.en.json' with { type: 'json' };

const nonce = '00112233445566778899aabbccddeeff';
const notes: readonly CaptureNote[] = [
  { type: 'canary', when: 'begin', nonce, segment: 1, foundAtByte: 4096 },
  { type: 'canary', when: 'end', nonce, segment: 12, foundAtByte: 0 },
  { type: 'canary', when: 'end', nonce, segment: 2, foundAtByte: null },
  { type: 'clock-set', seconds: -600 },
  { type: 'dropped', packets: 17, segment: 3 },
  { type: 'interrupted', until: '2026-11-29T18:00:00.000000Z', cause: 'OFFLINE: gone' },
  { type: 'interrupted', until: null, cause: 'unknown' },
];

describe('what a capture notes of itself', () => {
  test.each(notes)('is read again as it was written: %o', (note) => {
    expect(readCaptureNote(captureNoteText(note))).toEqual(note);
  });

  test('every kind has its message in window and report', () => {
    const messages = new Set(notes.map((note) => captureNoteMessage(note).message));
    expect(messages.size).toBe(6);
    for (const message of messages) {
      expect(Object.keys(en)).toContain(`ui.capture-note.${message}`);
      expect(Object.keys(reportEn)).toContain(`captureNote.${message}`);
    }
  });

  test('as earlier versions wrote it, and nothing that a person typed', () => {
    expect(readCaptureNote(`canary begin ${nonce} in segment 1: NOT FOUND`)).toMatchObject({ foundAtByte: null });
    for (const text of [
      'canary seen',
      `canary begin ${nonce} in segment 1: found`,
      'capture interrupted until lunch: x',
      '',
    ])
      expect(readCaptureNote(text)).toBeNull();
  });
});
