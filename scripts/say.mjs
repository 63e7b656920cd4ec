// What the set-up scripts tell the person: progress on standard error, and every failure as one sentence with the next step.
// Plain JavaScript without packages (Node >= 18).
import { writeSync } from 'node:fs';

/** Prints one line on standard error; standard output belongs to the command that was asked for. */
export function say(text) {
  try {
    writeSync(2, `handsight: ${text}\n`);
  } catch {
    // Standard error is closed: there is nobody to tell.
  }
}

/** A failure that the person can mend: its message is one clear sentence that names the next step. */
export class SetupFailure extends Error {}

const known = [
  [/ENOSPC|no space left/i, 'The disk is full: free about 2 GB and run the same command again.'],
  [
    /EACCES|EPERM|EROFS|read-only file system/i,
    'A folder could not be written: check who owns the checkout and ~/.cache/handsight, then run the same command again.',
  ],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|network/i,
    'The npm registry could not be reached: check the network (and `npm config get registry`, `npm config get proxy`), then run the same command again.',
  ],
  [
    /EINTEGRITY|integrity checksum/i,
    'A downloaded package is not the one the lock file names: run `npm cache clean --force` and then the same command again.',
  ],
  [
    /\bEUSAGE\b|in sync/i,
    'package.json and package-lock.json do not belong together: run `git checkout package.json package-lock.json` and then the same command again.',
  ],
];

/** The one sentence for what a tool printed or threw, or null when it is not a failure we know. */
export function sentenceFor(output) {
  return known.find(([pattern]) => pattern.test(output))?.[1] ?? null;
}

/** Runs a set-up script's main function and turns every failure into one sentence and exit code 1. */
export async function withClearFailures(main) {
  try {
    await main();
  } catch (error) {
    if (error instanceof SetupFailure) say(error.message);
    else {
      const text = String(error?.stack ?? error);
      say(sentenceFor(`${error?.code ?? ''} ${text}`) ?? `Something that should not happen: ${text}`);
    }
    process.exit(1);
  }
}
