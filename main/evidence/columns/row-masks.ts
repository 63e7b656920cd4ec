import { levelOf } from '../../../shared/filter/filter-keys.ts';
import type { FilterTerm } from '../../../shared/filter/parse-filter.ts';
import type { RowTable } from '../../../shared/filter/row-shapes.ts';
import type { Dictionary } from './dictionary.ts';
import { fold } from './dictionary-writer.ts';
import { findingPhase, findingPlace, findingWish, classWish, wordsOf } from './class-wishes.ts';
import type { FlowClass } from './index-columns.ts';
import { keepPhases, keepTime, sense } from './instant-masks.ts';
import { add, addCodes, emptyMask, flowsOf, invert, keep, keepCodes, maskOf, ofFlows } from './masks.ts';
import type { Mask } from './masks.ts';
import { classesWhere } from './row-facts.ts';
import type { RowFacts } from './row-facts.ts';

const levelOfTerm = (term: FilterTerm): 'flow' | 'message' | 'hit' | 'instant' | 'text' =>
  term.key === 'text' ? 'text' : levelOf[term.key];

/** Which rows of a table a filter lets through. Terms of one level that are meant positively hold of one and the same message or hit. */
export class RowMasks {
  readonly #facts: RowFacts;

  constructor(facts: RowFacts) {
    this.#facts = facts;
  }

  of(table: RowTable, terms: readonly FilterTerm[]): Mask {
    if (table === 'flow') return this.#flows(terms);
    return table === 'message' ? this.#messages(terms) : this.#findings(terms);
  }

  #flows(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const mask = this.#flowsThemselves(terms.filter((term) => levelOfTerm(term) === 'flow'));
    for (const term of terms) {
      if (term.key === 'text') keep(mask, sense(term, this.#flowsMentioning(term.values, true)));
      else if (levelOf[term.key] === 'instant')
        this.#keepInstants(mask, term, store.f64('flow.first'), store.u32('flow.class'), this.#facts.flowClasses());
    }
    this.#keepRelated(mask, terms, 'message');
    this.#keepRelated(mask, terms, 'hit');
    return mask;
  }

  #messages(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const flows = store.u32('message.flow');
    const mask = this.#messagesThemselves(terms.filter((term) => levelOfTerm(term) === 'message'));
    const ofFlow = terms.filter((term) => ['flow', 'hit'].includes(levelOfTerm(term)) && term.key !== 'host');
    if (ofFlow.length > 0) keep(mask, ofFlows(this.#flows(ofFlow), flows, 0, 0));
    for (const term of terms) {
      // A name that is asked for is a host, too: of the question, not of the server that answers it.
      if (term.key === 'host') {
        const found = ofFlows(this.#flowsThemselves([{ ...term, negated: false }]), flows, 0, 0);
        addCodes(found, store.u32('message.name'), matching(store.dictionary('name'), term.values));
        keep(mask, sense(term, found));
      } else if (term.key === 'text') {
        const found = ofFlows(this.#flowsMentioning(term.values, false), flows, 0, 0);
        add(found, this.#messagesMentioning(term.values));
        keep(mask, sense(term, found));
      } else if (levelOf[term.key] === 'instant')
        this.#keepInstants(
          mask,
          term,
          store.f64('message.at'),
          store.u32('message.class'),
          this.#facts.messageClasses(),
        );
    }
    return mask;
  }

  #findings(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const classes = store.u32('finding.class');
    const flows = store.u32('finding.flow');
    const mask = this.#findingsThemselves(terms.filter((term) => levelOfTerm(term) === 'hit'));
    const ofFlow: FilterTerm[] = [];
    for (const term of terms) {
      if (levelOfTerm(term) === 'hit') continue;
      const own = term.key === 'phase' ? findingPhase(term) : findingPlace(term);
      if (own !== null) keepCodes(mask, classes, classesWhere(this.#facts.findingClasses(), own));
      else if (term.key === 'time') keepTime(mask, term, store.f64('finding.at'));
      else ofFlow.push(term);
    }
    // What lies in no conversation has nothing that is wished of one, and nothing that is not.
    const none = ofFlow.every((term) => term.negated) ? 1 : 0;
    if (ofFlow.length > 0) keep(mask, ofFlows(this.#flows(ofFlow), flows, 1, none));
    return mask;
  }

  /** Of the conversations by what they themselves are. */
  #flowsThemselves(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const mask = maskOf(store.u32('flow.class'), this.#classesOf(terms));
    for (const term of terms) {
      const { values } = term;
      if (term.key === 'host')
        keepCodes(mask, store.u32('flow.host'), sense(term, matching(store.dictionary('host'), values)));
      else if (term.key === 'client')
        keepCodes(mask, store.u32('flow.client'), sense(term, matching(store.dictionary('client'), values)));
      else if (term.key === 'country') {
        const accepted = classesWhere(this.#facts.countries(), (country) => values.includes(country ?? 'none'));
        keepCodes(mask, store.u32('flow.host'), sense(term, accepted));
      } else if (term.key === 'port' || term.key === 'flow') keepNumbers(mask, term, store.u32('flow.port'));
      else if (term.key === 'has') keep(mask, sense(term, this.#having(values, mask.length)));
    }
    return mask;
  }

  #classesOf(terms: readonly FilterTerm[]): Uint8Array {
    const wishes = terms.flatMap((term) => {
      const told = classWish(term, (exhibit) => this.#facts.place(exhibit));
      return told === null ? [] : [(one: FlowClass): boolean => told(one) !== term.negated];
    });
    return classesWhere(this.#facts.flowClasses(), (one) => wishes.every((accepts) => accepts(one)));
  }

  #messagesThemselves(terms: readonly FilterTerm[]): Mask {
    const { store } = this.#facts;
    const classes = store.u32('message.class');
    const kinds = terms
      .filter(({ key }) => key === 'kind')
      .map(({ values, negated }) => ({ wanted: wordsOf(values), negated }));
    const ofKind = classesWhere(this.#facts.messageClasses(), ([, kind]) =>
      kinds.every(({ wanted, negated }) => wanted.some((one) => kind.includes(one)) !== negated),
    );
    const mask = maskOf(classes, ofKind);
    for (const term of terms) {
      if (term.key !== 'uri') continue;
      const found = maskOf(store.u32('message.text'), matching(store.dictionary('text'), term.values));
      keepCodes(
        found,
        classes,
        classesWhere(this.#facts.messageClasses(), ([, kind]) => kind === 'http-request'),
      );
      keep(mask, sense(term, found));
    }
    return mask;
  }

  #findingsThemselves(terms: readonly FilterTerm[]): Mask {
    const accepted = classesWhere(this.#facts.findingClasses(), (one) =>
      terms.every((term) => findingWish(term, one) !== term.negated),
    );
    return maskOf(this.#facts.store.u32('finding.class'), accepted);
  }

  /** Conversations in which one message (one hit) has all that is wished, and none has what is not. */
  #keepRelated(mask: Mask, terms: readonly FilterTerm[], level: 'message' | 'hit'): void {
    const { store } = this.#facts;
    const own = terms.filter((term) => levelOfTerm(term) === level);
    const wished = own.filter((term) => !term.negated);
    const flows = store.u32(level === 'message' ? 'message.flow' : 'finding.flow');
    const related = (some: readonly FilterTerm[]): Mask =>
      flowsOf(
        level === 'message' ? this.#messagesThemselves(some) : this.#findingsThemselves(some),
        flows,
        mask.length,
        level === 'message' ? 0 : 1,
      );
    if (wished.length > 0) keep(mask, related(wished));
    for (const term of own) if (term.negated) keep(mask, invert(related([{ ...term, negated: false }])));
  }

  #having(values: readonly string[], count: number): Mask {
    const { store } = this.#facts;
    const mask = emptyMask(count);
    if (values.includes('hits')) add(mask, flowsOf(this.#findingsThemselves([]), store.u32('finding.flow'), count, 1));
    if (values.includes('messages'))
      add(mask, flowsOf(this.#messagesThemselves([]), store.u32('message.flow'), count, 0));
    return mask;
  }

  /** Conversations that show one of these words: their names, addresses, application, exhibit, and where asked their messages. */
  #flowsMentioning(values: readonly string[], withMessages: boolean): Mask {
    const { store } = this.#facts;
    const mask = emptyMask(store.u32('flow.class').length);
    const wanted = wordsOf(values);
    for (const value of values) {
      addCodes(mask, store.u32('flow.host'), store.dictionary('host').holding(value));
      addCodes(mask, store.u32('flow.client'), store.dictionary('client').holding(value));
    }
    const classes = classesWhere(this.#facts.flowClasses(), (one) =>
      one.some((part) => wanted.some((word) => fold(part).includes(word))),
    );
    addCodes(mask, store.u32('flow.class'), classes);
    if (withMessages) add(mask, flowsOf(this.#messagesMentioning(values), store.u32('message.flow'), mask.length, 0));
    return mask;
  }

  #messagesMentioning(values: readonly string[]): Mask {
    const { store } = this.#facts;
    const mask = emptyMask(store.u32('message.class').length);
    const wanted = wordsOf(values);
    for (const value of values) {
      addCodes(mask, store.u32('message.name'), store.dictionary('name').holding(value));
      addCodes(mask, store.u32('message.text'), store.dictionary('text').holding(value));
    }
    const kinds = classesWhere(this.#facts.messageClasses(), ([, kind]) => wanted.some((word) => kind.includes(word)));
    addCodes(mask, store.u32('message.class'), kinds);
    return mask;
  }

  /** @param classes by code from 1; the exhibit comes first in each */
  #keepInstants(
    mask: Mask,
    term: FilterTerm,
    instants: Float64Array,
    codes: Uint32Array,
    classes: readonly (readonly [string, ...unknown[]])[],
  ): void {
    if (term.key === 'time') keepTime(mask, term, instants);
    else keepPhases(mask, term, { instants, codes, spans: classes.map(([exhibit]) => this.#facts.phasesOf(exhibit)) });
  }
}

/** A part of the text, or with `=` before it one whole line of it. */
function matching(dictionary: Dictionary, values: readonly string[]): Mask {
  const accepted = emptyMask(dictionary.size + 1);
  for (const value of values) {
    add(accepted, value.startsWith('=') ? dictionary.lineIs(value.slice(1)) : dictionary.holding(value));
  }
  return accepted;
}

function keepNumbers(mask: Mask, term: FilterTerm, ports: Uint32Array): void {
  const wanted = new Set(term.values.map(Number));
  for (let row = 0; row < mask.length; row += 1) {
    if (mask[row] === 1) mask[row] = Number(wanted.has(term.key === 'flow' ? row : (ports[row] ?? 0)) !== term.negated);
  }
}
