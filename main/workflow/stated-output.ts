import { askedCommands, noCollector } from '../acquisition/collector-of.ts';
import { formatOf } from '../parsing/parse-exhibit.ts';
import type { ImportStatement } from '../../shared/model/exhibit.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { instantOf } from './instants.ts';
import type { LookedAt } from './look-at-output.ts';

/** What stands for the proposal itself: whoever says it takes over what the file looks like. */
export const asRecognised = 'recognised';

/** A command line as a person would type it; nothing that a shell would take for more. */
const commandLine = /^[A-Za-z][\w ./:=*@,'"-]{0,199}$/;

/**
 * What a file is taken to be. Nothing is assumed: without a statement the answer is the proposal, as a problem. Problems:
 * `output-unsaid` (it looks like something), `output-unrecognised` (it does not), `value-invalid`, `instant-invalid`.
 */
export function statedOutput(look: LookedAt, what: string | null, takenAt: string | null): Result<ImportStatement> {
  const { recognised, name, modifiedAt } = look;
  const stated =
    what
      ?.trim()
      .replace(/\s+/g, ' ')
      .replace(/^adb shell /, '') ?? null;
  if (stated === null && recognised !== null)
    return fail('output-unsaid', { name, command: recognised.command, by: recognised.by });
  if (stated === null || (stated === asRecognised && recognised?.by !== 'content'))
    return fail('output-unrecognised', { name });
  const command = stated === asRecognised ? (recognised?.command ?? stated) : stated;
  if (!commandLine.test(command)) return fail('value-invalid', { what: 'what', value: command.slice(0, 60) });
  const taken = takenAt === null ? null : instantOf(takenAt);
  if (takenAt !== null && taken === null) return fail('instant-invalid', { value: takenAt });
  return ok({ what: command, recognised: recognised?.command ?? null, takenAt: taken, modifiedAt });
}

/** The collector that asks for this command, or for what is read in the same way. */
export function collectorOf(command: string): string {
  const asked = askedCommands();
  const exact = asked.get(command);
  if (exact !== undefined) return exact;
  const format = formatOf(command);
  if (format === null) return noCollector;
  return [...asked].find(([one]) => formatOf(one) === format)?.[1] ?? noCollector;
}
