import { eachDumpLine } from '../dump-lines.ts';
import type { FormatInput, ParseSink } from '../parse-result.ts';

/** A store names each file by the hash of the certificate's subject and a number: `7ae65fad.0`. */
const file = /^[0-9a-f]{8}\.\d{1,4}$/;

/** The folder that a command lists. */
export function storeOf(command: string): string {
  return /(\/\S{1,256})$/.exec(command)?.[1] ?? '';
}

/** `ls …/cacerts` and `ls …/cacerts-added`: one fact a certificate of the store; an empty store gives none. */
export function parseCertificateList({ text, command }: FormatInput, sink: ParseSink): void {
  const name = storeOf(command);
  eachDumpLine(text, sink, ({ line, text: said }) => {
    // A shell with a terminal prints several a line.
    for (const value of said.split(/\s+/)) {
      if (file.test(value))
        sink.add({ kind: 'fact', topic: 'certificate', package: null, name, value, atHandset: null });
      else sink.skip(line, value, 'not-a-certificate');
    }
  });
}
