/**
 * By what a report is known for one of ours: only such a file is replaced without asking. HTML says it in its head, JSON
 * in a line of the outermost object (keys are in order, so it can stand anywhere), PDF in a comment after its end
 * (ISO 32000-1, 7.2.3: comments are ignored; readers look for the end in the last kilobyte).
 */
export const htmlMark = '<meta name="generator" content="handsight-report">';
export const pdfMark = Buffer.from('%handsight-report\n', 'latin1');
const jsonMark = Buffer.from('\n "format": "handsight-report",\n "formatVersion": ', 'latin1');

/** Longest mark in bytes: pieces of a file that are read one after the other overlap by it. */
export const reportMarkBytes = jsonMark.length;

/** By a file's beginning: a report or none; or its mark would stand at the end of it, or anywhere. */
export function isReportHead(head: Buffer): 'yes' | 'no' | 'at-end' | 'anywhere' {
  if (head.indexOf('<!doctype html>') === 0) return head.subarray(0, 1024).includes(htmlMark) ? 'yes' : 'no';
  if (head.indexOf('%PDF-') === 0) return 'at-end';
  return head.indexOf('{\n "') === 0 ? 'anywhere' : 'no';
}

/** By the last bytes of a PDF. */
export function isReportTail(tail: Buffer): boolean {
  return tail.subarray(-pdfMark.length).equals(pdfMark);
}

/** By any part of a JSON report; text inside cannot hold it, because strings in JSON have no line feeds. */
export function isReportPart(part: Buffer): boolean {
  return part.includes(jsonMark);
}
