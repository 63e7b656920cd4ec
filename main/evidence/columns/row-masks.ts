import { levelOf } from '../../../shared/filter/filter-keys.ts';
import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import type { RowTable } from '../../../shared/filter/row-shapes.ts';
import type { Dictionary } from './dictionary.ts';
import { fold } from './dictionary-writer.ts';
import { findingPhase, findingPlace, findingWish, classWish, wordsOf } from './class-wishes.ts';
import type { FlowClass } from './index-columns.ts';
import type { Answers } from './answers.ts';
import { maskOfPhases, maskOfTime, sense } from './instant-masks.ts';
import { flowsOf, maskOf, Mask, ofFlows, ofFlowsOrNone } from './masks.ts';
import type { Accepted } from './masks.ts';
import { classesWhere } from './row-facts.ts';
import type { RowFacts } from './row-facts.ts';

const levelOfTerm = (term: FilterTerm): 'flow' | 'message' | 'hit' | 'instant' | 'text' =>
  term.key === 'text' ? 'text' : levelOf[term.key];

/**
 * Which rows of a table a filter lets through. Terms of one level that are meant positively hold of one and the same message or hit.
 * What a part of the filter lets through is kept: the next filter mostly has it, too.
 */
export class RowMasks {
  readonly #facts: RowFacts;
  readonly #answers: Answers;

  constructor(facts: RowFacts) {
    this.#facts = facts;
    this.#answers = facts.answers();
  }

  of(table: RowTable, terms: readonly FilterTerm[]): Mask {
    return this.#kept(`rows of ${table}`, terms, () => {
      if (table === 'flow') return this.#flows(terms);
      return table === 'message' ? this.#messages(terms) : this.#findings(terms);
    });
  }

  #kept(what: string, terms: unknown, make: () => Mask): Mask {
    return this.#answers.mask(`${what} ${JSON.stringify(terms)}`, make);
  }

  #flows(terms: readonly FilterTerm[]): Mask {
    const mask = this.#flowsThemselves(terms.filter((term) => levelOfTerm(term) === 'flow'));
    for (const term of terms) {
      if (term.key === 'text') mask.keep(sense(term, this.#flowsMentioning(term.values, true)));
      else if (levelOf[term.key] === 'instant') mask.keep(this.#instants('flow', term));
    }
    this.#keepRelated(mask, terms, 'message');
    this.#keepRelated(mask, terms, 'hit');
    return mask;
  }

  #messages(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const mask = this.#messagesThemselves(terms.filter((term) => levelOfTerm(term) === 'message'));
    const ofFlow = terms.filter((term) => ['flow', 'hit'].includes(levelOfTerm(term)) && term.key !== 'host');
    if (ofFlow.length > 0) {
      mask.keep(
        this.#kept('messages of flows', ofFlow, () => ofFlows(this.of('flow', ofFlow), store.u32('message.flow'))),
      );
    }
    for (const term of terms) {
      if (term.key === 'host') mask.keep(sense(term, this.#messagesOfHost(term)));
      else if (term.key === 'text') {
        const found = this.#kept('messages of flows that mention', term.values, () =>
          ofFlows(this.#flowsMentioning(term.values, false), store.u32('message.flow')),
        );
        found.add(this.#messagesMentioning(term.values));
        mask.keep(sense(term, found));
      } else if (levelOf[term.key] === 'instant') mask.keep(this.#instants('message', term));
    }
    return mask;
  }

  /** A name that is asked for is a host, too: of the question, not of the server that answers it. */
  #messagesOfHost({ key, values }: FilterTerm): Mask {
    return this.#kept('messages of host', values, () => {
      const { store } = this.#facts;
      const flows = this.#flowsThemselves([{ key, values, negated: false }]);
      const found = ofFlows(flows, store.u32('message.flow'));
      found.add(maskOf(store.u32('message.name'), matching(store.dictionary('name'), values)));
      return found;
    });
  }

  #findings(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const classes = store.u32('finding.class');
    const mask = this.#findingsThemselves(terms.filter((term) => levelOfTerm(term) === 'hit'));
    const ofFlow: FilterTerm[] = [];
    for (const term of terms) {
      if (levelOfTerm(term) === 'hit') continue;
      const own = term.key === 'phase' ? findingPhase(term) : findingPlace(term);
      if (own !== null) mask.keep(maskOf(classes, classesWhere(this.#facts.findingClasses(), own)));
      else if (term.key === 'time') mask.keep(maskOfTime(term, this.#facts.instants('finding')));
      else ofFlow.push(term);
    }
    // What lies in no conversation has nothing that is wished of one, and nothing that is not.
    const none = ofFlow.every((term) => term.negated);
    if (ofFlow.length > 0) mask.keep(ofFlowsOrNone(this.of('flow', ofFlow), store.u32('finding.flow'), none));
    return mask;
  }

  /** Of the conversations by what they themselves are. */
  #flowsThemselves(terms: readonly FilterTerm[]): Mask {
    const classes = this.#classesOf(terms);
    const mask = this.#ofClasses('flow', classes);
    for (const term of terms) {
      const own = this.#ofFlowsThemselves(term);
      if (own !== null) mask.keep(this.#kept('flows', term, () => sense(term, own())));
    }
    return mask;
  }

  /** Conversations of which this term holds, whether it is negated or not; null for a term that their class answers. */
  #ofFlowsThemselves({ key, values }: FilterTerm): (() => Mask) | null {
    const { store } = this.#facts;
    const ofCodes = (codes: string, accepted: () => Accepted) => (): Mask => maskOf(store.u32(codes), accepted());
    switch (key) {
      case 'host':
      case 'client':
        return ofCodes(`flow.${key}`, () => matching(store.dictionary(key), values));
      case 'country':
        return ofCodes('flow.host', () =>
          classesWhere(this.#facts.countries(), (country) => values.includes(country ?? 'none')),
        );
      case 'port':
        return ofCodes('flow.port', () => acceptedNumbers(values));
      case 'flow':
        return () => maskOfNumbers(values, store.u32('flow.class').length);
      case 'has':
        return () => this.#having(values, store.u32('flow.class').length);
      default:
        return null;
    }
  }

  #classesOf(terms: readonly FilterTerm[]): Accepted {
    const wishes = terms.flatMap((term) => {
      const told = classWish(term, (exhibit) => this.#facts.place(exhibit));
      return told === null ? [] : [(one: FlowClass): boolean => told(one) !== term.negated];
    });
    return classesWhere(this.#facts.flowClasses(), (one) => wishes.every((accepts) => accepts(one)));
  }

  #messagesThemselves(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const kinds = terms
      .filter(({ key }) => key === 'kind')
      .map(({ values, negated }) => ({ wanted: wordsOf(values), negated }));
    const ofKind = classesWhere(this.#facts.messageClasses(), ([, kind]) =>
      kinds.every(({ wanted, negated }) => wanted.some((one) => kind.includes(one)) !== negated),
    );
    const mask = this.#ofClasses('message', ofKind);
    for (const term of terms) {
      if (term.key !== 'uri') continue;
      const found = this.#kept('messages', { ...term, negated: false }, () => {
        const requests = classesWhere(this.#facts.messageClasses(), ([, kind]) => kind === 'http-request');
        const texts = maskOf(store.u32('message.text'), matching(store.dictionary('text'), term.values));
        texts.keep(this.#ofClasses('message', requests));
        return texts;
      });
      mask.keep(sense(term, found));
    }
    return mask;
  }

  #ofClasses(table: 'flow' | 'message', accepted: Accepted): Mask {
    // Most filters say nothing of the class: then every row passes that is there.
    if (!accepted.includes(0, 1)) return this.#facts.present(table).copy();
    return this.#kept(`${table} classes`, [...accepted], () =>
      maskOf(this.#facts.store.u32(`${table}.class`), accepted),
    );
  }

  #findingsThemselves(terms: readonly FilterTerm[]): Mask {
    const accepted = classesWhere(this.#facts.findingClasses(), (one) =>
      terms.every((term) => findingWish(term, one) !== term.negated),
    );
    return maskOf(this.#facts.store.u32('finding.class'), accepted);
  }

  /** Conversations in which one message (one hit) has all that is wished, and none has what is not. */
  #keepRelated(mask: Mask, terms: readonly FilterTerm[], level: 'message' | 'hit'): void {
    const own = terms.filter((term) => levelOfTerm(term) === level);
    const wished = own.filter((term) => !term.negated);
    if (wished.length > 0) mask.keep(this.#related(level, wished));
    for (const term of own) {
      if (term.negated) mask.keep(this.#related(level, [{ ...term, negated: false }]).invert());
    }
  }

  #related(level: 'message' | 'hit', terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const count = store.u32('flow.class').length;
    return this.#kept(`flows with a ${level}`, terms, () =>
      level === 'message'
        ? flowsOf(this.#messagesThemselves(terms), store.u32('message.flow'), count, 0)
        : flowsOf(this.#findingsThemselves(terms), store.u32('finding.flow'), count, 1),
    );
  }

  #having(values: readonly string[], count: number): Mask {
    const mask = new Mask(count);
    if (values.includes('hits')) mask.add(this.#related('hit', []));
    if (values.includes('messages')) mask.add(this.#related('message', []));
    return mask;
  }

  /** Conversations that show one of these words: their names, addresses, application, exhibit, and where asked their messages. */
  #flowsMentioning(values: readonly string[], withMessages: boolean): Mask {
    const { store } = this.#facts;
    const mask = this.#kept('flows that mention', values, () => {
      const wanted = wordsOf(values);
      const classes = classesWhere(this.#facts.flowClasses(), (one) =>
        one.some((part) => wanted.some((word) => fold(part).includes(word))),
      );
      const found = maskOf(store.u32('flow.class'), classes);
      found.add(maskOf(store.u32('flow.host'), holding(store.dictionary('host'), values)));
      found.add(maskOf(store.u32('flow.client'), holding(store.dictionary('client'), values)));
      return found;
    });
    if (withMessages) mask.add(flowsOf(this.#messagesMentioning(values), store.u32('message.flow'), mask.length, 0));
    return mask;
  }

  #messagesMentioning(values: readonly string[]): Mask {
    return this.#kept('messages that mention', values, () => {
      const { store } = this.#facts;
      const wanted = wordsOf(values);
      const kinds = classesWhere(this.#facts.messageClasses(), ([, kind]) =>
        wanted.some((word) => kind.includes(word)),
      );
      const found = maskOf(store.u32('message.class'), kinds);
      found.add(maskOf(store.u32('message.name'), holding(store.dictionary('name'), values)));
      found.add(maskOf(store.u32('message.text'), holding(store.dictionary('text'), values)));
      return found;
    });
  }

  #instants(table: 'flow' | 'message', term: FilterTerm): Mask {
    return this.#kept(`instants of ${table}`, term, () => {
      const instants = this.#facts.instants(table);
      if (term.key === 'time') return maskOfTime(term, instants);
      const classes = table === 'flow' ? this.#facts.flowClasses() : this.#facts.messageClasses();
      const spans = classes.map(([exhibit]) => this.#facts.phasesOf(exhibit));
      return maskOfPhases(term, { instants, codes: this.#facts.store.u32(`${table}.class`), spans });
    });
  }
}

/** Codes whose text holds one of the values. */
function holding(dictionary: Dictionary, values: readonly string[]): Accepted {
  return either(values.map((value) => dictionary.holding(value)), dictionary.size + 1); // prettier-ignore
}

/** A part of the text, or with `=` before it one whole line of it. */
function matching(dictionary: Dictionary, values: readonly string[]): Accepted {
  const found = values.map((value) =>
    value.startsWith('=') ? dictionary.lineIs(value.slice(1)) : dictionary.holding(value),
  );
  return either(found, dictionary.size + 1);
}

function either(found: readonly Accepted[], size: number): Accepted {
  const [only] = found;
  if (found.length === 1 && only !== undefined) return only;
  const accepted = new Uint8Array(size);
  for (const one of found) for (let code = 0; code < size; code += 1) accepted[code] ||= one[code] ?? 0;
  return accepted;
}

const ports = 65_536;

function acceptedNumbers(values: readonly string[]): Accepted {
  const accepted = new Uint8Array(ports);
  for (const value of values) if (Number(value) < ports) accepted[Number(value)] = 1;
  return accepted;
}

function maskOfNumbers(values: readonly string[], count: number): Mask {
  const mask = new Mask(count);
  for (const value of values) if (Number(value) < count) mask.set(Number(value));
  return mask;
}
