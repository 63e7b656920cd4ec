import { readFileSync, statSync } from 'node:fs';
import type { CaseSummary } from '../../shared/model/custody.ts';
import type { CaseEvent } from '../../shared/model/event.ts';
import type { CaseHandset } from '../../shared/model/handset.ts';
import type { Identifier, IdentifierKind } from '../../shared/model/identifier.ts';
import { identifierKinds } from '../../shared/model/identifier.ts';
import type { Result } from '../../shared/model/problem.ts';
import { fail, ok } from '../../shared/model/problem.ts';
import { normaliseIdentifier } from '../analysis/identifiers/normalise-identifier.ts';
import type { NewHandset } from '../evidence/case-types.ts';
import { createCase } from '../evidence/open-case.ts';
import type { Conduct } from './conduct.ts';
import { readProblem } from './read-problem.ts';
import { readCase, writeCase, writerOptions } from './case-session.ts';
import { checkedText } from './checked-text.ts';
import { identifiersWithSources } from './identifier-doubts.ts';
import { listedIdentifiers } from './mask-accounts.ts';
import { instantOf } from './instants.ts';

export interface NewCaseWish {
  readonly number: string;
  readonly title: string;
  readonly examiner: string;
  readonly synthetic?: boolean;
}

/** Makes a case folder. Problems: `case-exists`, `path-missing`, `path-unwritable`, `value-invalid`. */
export function newCase(directory: string, wish: NewCaseWish, conduct: Conduct): Result<CaseSummary> {
  const texts = checkedText({ number: wish.number, title: wish.title, examiner: wish.examiner, as: conduct.actor });
  if (!texts.ok) return texts;
  const { number, title, examiner } = wish;
  const made = createCase(
    directory,
    { number, title, examiner, synthetic: wish.synthetic === true },
    writerOptions(conduct),
  );
  if (!made.ok) return made;
  const summary = made.value.summary();
  made.value.close();
  return ok(summary);
}

export function showCase(directory: string): Result<CaseSummary> {
  return readCase(directory, (reader) => ok(reader.summary()));
}

/** `names`: those of accounts in full. */
export function listIdentifiers(directory: string, names: boolean): Result<readonly Identifier[]> {
  return readCase(directory, (reader) => ok(listedIdentifiers(identifiersWithSources(reader), names)));
}

export function addHandset(directory: string, handset: NewHandset, conduct: Conduct): Result<CaseHandset> {
  const texts = checkedText({ label: handset.label, serial: handset.serial, as: conduct.actor });
  if (!texts.ok) return texts;
  return writeCase(directory, 'adding a handset', conduct, (writer) => writer.addHandset(handset));
}

export interface TypedIdentifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

export interface TypedIdentifiers {
  readonly handset: string;
  readonly source: string;
  readonly values: readonly TypedIdentifier[];
}

/** Adds what a person typed, after its checks; all of them or none. Problems: `identifier-invalid`, `handset-unknown`, `identifier-duplicate`. */
export function addIdentifiers(directory: string, wish: TypedIdentifiers, conduct: Conduct): Result<Identifier[]> {
  const texts = checkedText({ source: wish.source, as: conduct.actor });
  if (!texts.ok) return texts;
  const checked: { kind: IdentifierKind; original: string; value: string; warnings: readonly string[] }[] = [];
  for (const { kind, value } of wish.values) {
    const normal = normaliseIdentifier(kind, value, { strict: true });
    if (!normal.ok) return normal;
    checked.push({ kind, original: value, value: normal.value.value, warnings: normal.value.warnings });
  }
  // A refused handset must leave the case as it is, so it is asked before anything is opened for writing.
  const known = readCase(directory, (reader) =>
    reader.handsets().some((one) => one.id === wish.handset)
      ? ok(null)
      : fail('handset-unknown', { handset: wish.handset }),
  );
  if (!known.ok) return known;
  return writeCase(directory, 'adding identifiers', conduct, (writer) => {
    const added: Identifier[] = [];
    for (const one of checked) {
      const stored = writer.addIdentifier({ handset: wish.handset, source: wish.source, ...one });
      if (!stored.ok) return stored;
      added.push(stored.value);
    }
    return ok(added);
  });
}

const maxIdentifierFileBytes = 4 * 1024 * 1024;

/** Lines of `kind,value`; empty lines and lines that begin with # are passed over. Problems name the line. */
export function readIdentifierFile(path: string): Result<TypedIdentifier[]> {
  const text = readSmallFile(path);
  if (!text.ok) return text;
  const values: TypedIdentifier[] = [];
  for (const [index, line] of text.value.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const comma = line.indexOf(',');
    const kind = identifierKinds.find((one) => one === line.slice(0, comma).trim());
    const value = line.slice(comma + 1).trim();
    if (comma < 0 || kind === undefined || value === '') {
      return fail('value-invalid', { what: `--values-from:${index + 1}`, value: line.slice(0, 60) }, 'kind,value');
    }
    values.push({ kind, value });
  }
  return values.length === 0 ? fail('empty-file', { path }) : ok(values);
}

function readSmallFile(path: string): Result<string> {
  try {
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return fail('path-missing', { path });
    if (facts.isDirectory()) return fail('path-is-directory', { path });
    if (!facts.isFile() || facts.size > maxIdentifierFileBytes) {
      return fail('value-invalid', { what: '--values-from', value: path }, `${facts.size} bytes`);
    }
    return ok(readFileSync(path, 'utf8'));
  } catch (error) {
    return readProblem(error, path);
  }
}

export interface AttestedEvent {
  readonly run: string;
  readonly kind: 'consent-act' | 'stimulus' | 'note';
  readonly at: string;
  readonly text: string;
  readonly label: string | null;
  readonly handset: string | null;
}

/** Adds what somebody attests; an instant with another zone is taken over as UTC. Problem: `instant-invalid`. */
export function addEvent(directory: string, event: AttestedEvent, conduct: Conduct): Result<CaseEvent> {
  const texts = checkedText({ run: event.run, text: event.text, label: event.label, as: conduct.actor });
  if (!texts.ok) return texts;
  const at = instantOf(event.at);
  if (at === null) return fail('instant-invalid', { value: event.at });
  return writeCase(directory, 'adding an event', conduct, (writer) => {
    const source = `attested by ${conduct.actor ?? writer.summary().examiner}`;
    return writer.addEvent({ ...event, at, atHandset: null, source });
  });
}
