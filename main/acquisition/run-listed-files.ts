import type { Judgement } from './ports.ts';
import { resultOf } from './pull-app-code.ts';
import { runCommand } from './run-command.ts';
import type { FinishedCommand, StepContext } from './run-command.ts';

/** How many files of one folder an acquisition reads: each is a command, an exhibit and an entry of custody. */
export const maxListedFiles = 50;
/** Nothing that a shell would take for more than a word: as Android names a certificate of a store. */
const fitName = /^[0-9a-f]{8}\.\d{1,3}$/;
const maxFileBytes = 256 * 1024;
const maxListBytes = 256 * 1024;

/**
 * Reads each file of a folder that `ls FOLDER` listed, one command and one exhibit each. Of what is not read it is told how
 * many there are, and why: more than are read, or a name that goes into no command.
 */
export async function* runListedFiles(
  context: StepContext,
  collector: string,
  listing: FinishedCommand,
): AsyncGenerator<FinishedCommand> {
  const folder = /^ls (\/\S+)$/.exec(listing.result.command)?.[1];
  if (folder === undefined) throw new Error(`not the listing of a folder: ${listing.result.command}`);
  const said = new TextDecoder().decode(listing.stdout.subarray(0, maxListBytes));
  // A shell with a terminal prints several a line.
  const names = [...new Set(said.split(/\s+/).filter((name) => name !== ''))];
  const fit = names.filter((name) => fitName.test(name));
  for (const name of fit.slice(0, maxListedFiles))
    yield await runCommand(context, collector, { command: `cat ${folder}/${name}`, maxBytes: maxFileBytes });
  if (fit.length > maxListedFiles) yield notRead(folder, fit.length - maxListedFiles, 'files-limit');
  if (names.length > fit.length) yield notRead(folder, names.length - fit.length, 'file-name-unfit');
}

function notRead(folder: string, count: number, reason: string): FinishedCommand {
  const judged: Judgement = { outcome: 'refused', reason, said: null };
  const result = resultOf(`cat ${folder}/… (${count})`, judged, [], 0, performance.now());
  return { result, stdout: new Uint8Array(), problem: null };
}
