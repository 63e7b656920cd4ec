import type { Change } from '../../shared/model/comparison.ts';
import { dataCategories } from '../../shared/model/finding.ts';
import { say } from './wording.ts';
import type { Language, WordingKey } from './wording.ts';
import { identifierWords } from './identifier-words.ts';
import type { MakerId, MakerRule } from './makers/rule.ts';
import { ruleOf } from './makers/tables.ts';

type Unworded = Omit<Change, 'meaning'>;
type Facts = NonNullable<Change['facts']>;

const maxShown = 120;

/** Stands for the recipient of what one finding counts over many of them. */
export const severalRecipients = '*';

/** A value for a sentence: one line, bounded; `(empty)` stays visible as such. */
function show(value: string | null): string {
  if (value === null) return '–';
  const line = value.replace(/\s+/g, ' ').trim();
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line === '' ? '""' : line;
}

const fact = (facts: Facts | undefined, name: string): string => String(facts?.[name] ?? '');

export function permissionInWords(name: string, lang: Language): string {
  const full = name.includes('.') ? name : `android.permission.${name}`;
  return ruleOf(`permission:${full}`, null)?.rule.about[lang] ?? name;
}

export function appOpInWords(op: string, lang: Language): string {
  return ruleOf(`app-op:${op}`, null)?.rule.about[lang] ?? op;
}

export function identifierInWords(kind: string, lang: Language): string {
  return identifierWords[kind]?.[lang] ?? kind;
}

/** A data category for people; a name that is not known stays as it is. */
function categoryInWords(name: string, lang: Language): string {
  const known = dataCategories.find((one) => one === name);
  return known === undefined ? name : say(lang, `category.${known}`);
}

/** What changed, in the words of the table that has it: settings and properties with what their values say. */
function ruleOfChange(change: Unworded, maker: MakerId | null): MakerRule | undefined {
  // The packages' own rows are named PACKAGE/CLASS here.
  const name = change.kind === 'component' ? change.subject.slice(change.subject.indexOf('/') + 1) : change.subject;
  return ruleOf(`${change.kind}:${name}`, maker)?.rule;
}

function valueMeaning(change: Unworded, lang: Language, rule: MakerRule | undefined): string {
  const shown = (value: string | null): string => {
    const known =
      value !== null && Object.hasOwn(rule?.values ?? {}, value) ? rule?.values?.[value]?.[lang] : undefined;
    return known === undefined ? show(value) : `${show(value)} (${known})`;
  };
  const kind = change.kind === 'setting' ? 'setting' : 'property';
  return say(lang, `${kind}.${change.change}`, { before: shown(change.before), after: shown(change.after) });
}

function packageMeaning(change: Unworded, lang: Language): string {
  const values = { before: show(change.before), after: show(change.after) };
  if (change.change === 'changed') return say(lang, `package.${fact(change.facts, 'aspect') as 'version'}`, values);
  const parts = [say(lang, `package.${change.change}`, values)];
  const boot = Number(change.facts?.['bootReceivers'] ?? 0);
  const granted = Number(change.facts?.['grantedPermissions'] ?? 0);
  if (boot > 0) parts.push(say(lang, 'package.boot', { count: boot }));
  if (granted > 0) parts.push(say(lang, 'package.permissions', { count: granted }));
  return parts.join('; ');
}

function permissionMeaning(change: Unworded, lang: Language): string {
  const what = permissionInWords(fact(change.facts, 'permission'), lang);
  if (change.before === 'granted') return say(lang, 'permission.lost', { what });
  if (change.after === 'granted') return say(lang, 'permission.gained', { what });
  return say(lang, change.after === null ? 'permission.unrequested' : 'permission.requested', { what });
}

function componentMeaning(change: Unworded, lang: Language): string {
  const type = say(lang, `type.${(fact(change.facts, 'type') || 'unknown') as 'unknown'}`);
  const parts = [say(lang, `component.${componentVerb(change)}`, { type })];
  const boot = fact(change.facts, 'boot');
  if (boot === 'lost' || boot === 'gained') parts.push(say(lang, `component.boot-${boot}`));
  return parts.join('; ');
}

function componentVerb(change: Unworded): 'added' | 'removed' | 'disabled' | 'enabled' | 'default' | 'actions' {
  if (change.change !== 'changed') return change.change;
  if (fact(change.facts, 'aspect') === 'actions') return 'actions';
  return change.after === 'disabled' ? 'disabled' : change.after === 'enabled' ? 'enabled' : 'default';
}

/** A form as `representation/channel`, several joined by commas: as compareTraffic writes them. */
export function formsInWords(forms: string | null, lang: Language): string {
  if (forms === null || forms === '') return '–';
  return forms
    .split(', ')
    .map((form) => {
      const [representation = 'unknown', channel = 'unknown'] = form.split(' in ');
      return say(lang, 'form.in', {
        representation: say(lang, `representation.${representation}` as WordingKey),
        channel: say(lang, `channel.${channel}` as WordingKey),
      });
    })
    .join(lang === 'en' ? ', ' : '、');
}

function trafficMeaning(change: Unworded, lang: Language): string {
  const { facts } = change;
  const sent = fact(facts, 'identifierKind');
  const kind = facts?.['category'] === true ? categoryInWords(sent, lang) : identifierInWords(sent, lang);
  const named = fact(facts, 'recipient');
  const recipient = named === severalRecipients ? say(lang, 'traffic.several-recipients') : named;
  const said: string[] = [];
  if (change.change === 'changed') {
    const forms = { before: formsInWords(change.before, lang), after: formsInWords(change.after, lang) };
    said.push(say(lang, 'traffic.form-changed', { kind, recipient, ...forms }));
  } else {
    const observed = change.change === 'added' ? change.after : change.before;
    const form = formsInWords(observed, lang);
    said.push(say(lang, 'traffic.observed', { kind, recipient, form, count: fact(facts, 'count') }));
    said.push(absence(facts, lang));
  }
  if (facts?.['sameHandset'] === false) said.push(say(lang, 'traffic.other-unit'));
  return said.join('; ');
}

/** What the other side's silence is worth. */
function absence(facts: Facts | undefined, lang: Language): string {
  const minutes = facts?.['absenceMinutes'];
  if (typeof minutes !== 'number') return say(lang, 'traffic.not-observed-unknown');
  const percent = facts?.['absenceReadablePercent'] ?? '?';
  const label = `${fact(facts, 'absenceLabel')}: `;
  const said = say(lang, 'traffic.not-observed', { minutes, percent: String(percent) });
  return facts?.['absenceFit'] === true ? label + said : `${label}${said} (${say(lang, 'traffic.unfit')})`;
}

function crashMeaning(change: Unworded, lang: Language): string {
  const unread = change.change === 'added' && change.facts?.['unread'] === 'before';
  return say(lang, unread ? 'crash.added-unread' : `crash.${change.change}`, {
    package: fact(change.facts, 'package'),
    exception: fact(change.facts, 'exception'),
    count: fact(change.facts, 'count'),
    before: show(change.before),
    after: show(change.after),
  });
}

function factMeaning(change: Unworded, lang: Language): string {
  const [named, name] = [fact(change.facts, 'topic'), fact(change.facts, 'name')];
  const isSigner = named === 'app-code' && name.includes('/signer-');
  const topic = say(lang, isSigner ? 'topic.app-code-signer' : (`topic.${named}` as WordingKey));
  const sentence = say(lang, `fact.${change.change}`, { before: show(change.before), after: show(change.after) });
  // A setting that names apps is known by its own words.
  const about = ruleOf(`setting:${name}`, null)?.rule.about[lang];
  return say(lang, 'fact.of', { topic: about ?? topic, said: sentence });
}

function plainMeaning(change: Unworded, lang: Language, rule: MakerRule | undefined): string {
  switch (change.kind) {
    case 'setting':
    case 'property':
      return valueMeaning(change, lang, rule);
    case 'package':
      return packageMeaning(change, lang);
    case 'permission':
      return permissionMeaning(change, lang);
    case 'component':
      return componentMeaning(change, lang);
    case 'app-op': {
      const values = { before: show(change.before), after: show(change.after) };
      return say(lang, `app-op.${change.change}`, { ...values, what: appOpInWords(fact(change.facts, 'op'), lang) });
    }
    case 'crash':
      return crashMeaning(change, lang);
    case 'traffic':
      return trafficMeaning(change, lang);
    case 'fact':
      return factMeaning(change, lang);
    case 'build':
      return say(lang, `build.${change.change}`, { before: show(change.before), after: show(change.after) });
  }
}

/** Kinds whose subject is named before what happened to it; permissions and app-ops have it in their sentence. */
const named: ReadonlySet<Change['kind']> = new Set(['setting', 'property', 'package', 'component']);

/** What a change means, in one of both languages. Pure: recomputable from the change's own fields, so stored changes can be worded again. */
export function meaningOfChange(change: Unworded, lang: Language, maker: MakerId | null = null): string {
  const rule = named.has(change.kind) ? ruleOfChange(change, maker) : undefined;
  const plain = plainMeaning(change, lang, rule);
  const said = [rule === undefined ? plain : `${rule.about[lang]}: ${plain}`];
  const why = fact(change.facts, 'noise');
  if (change.noise && why !== '') said.push(say(lang, 'note.noise', { why: say(lang, why as WordingKey) }));
  if (change.facts?.['several'] === true) said.push(say(lang, 'note.several'));
  // Where labels stand for several handsets, each is compared with itself.
  const handset = change.facts?.['handset'];
  return `${typeof handset === 'string' ? `${handset}: ` : ''}${said.join('; ')}`;
}

/** Adds the wording, from the tables of the handset's maker; `maker` null: not known. */
export function worded(change: Unworded, lang: Language, maker: MakerId | null = null): Change {
  return { ...change, meaning: meaningOfChange(change, lang, maker) };
}
