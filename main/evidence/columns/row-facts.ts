import type { Phase } from '../../../shared/filter/filter-keys.ts';
import type { ColumnStore } from './column-store.ts';
import { emptyMask } from './masks.ts';
import type { Mask } from './masks.ts';
import type { FindingClass, FlowClass, MessageClass } from './index-columns.ts';

/** From this instant on (µs; the first from minus infinity) everything of the exhibit stands in this phase. */
export interface PhaseSpan {
  readonly fromUs: number;
  readonly phase: Phase;
}

export interface ExhibitPlace {
  readonly label: string;
  readonly run: string | null;
  readonly handset: string;
}

/** What a filter needs and an index does not hold: countries come from a database, phases from the case's events. */
export interface QueryFacts {
  readonly countryOf: (address: string) => string | null;
  readonly phasesOf: (exhibit: string) => readonly PhaseSpan[];
}

/** The class dictionaries and what follows from them, for the masks. */
export class RowFacts {
  readonly store: ColumnStore;
  readonly #facts: QueryFacts;
  readonly #places: ReadonlyMap<string, ExhibitPlace>;

  constructor(store: ColumnStore, facts: QueryFacts, places: ReadonlyMap<string, ExhibitPlace>) {
    this.store = store;
    this.#facts = facts;
    this.#places = places;
  }

  flowClasses(): readonly FlowClass[] {
    return this.#classes<FlowClass>('flow-class');
  }

  messageClasses(): readonly MessageClass[] {
    return this.#classes<MessageClass>('message-class');
  }

  findingClasses(): readonly FindingClass[] {
    return this.#classes<FindingClass>('finding-class');
  }

  place(exhibit: string): ExhibitPlace {
    return this.#places.get(exhibit) ?? { label: '', run: null, handset: '' };
  }

  phasesOf(exhibit: string): readonly PhaseSpan[] {
    return this.store.derived(`phases ${exhibit}`, () => this.#facts.phasesOf(exhibit));
  }

  countryOf(address: string): string | null {
    return this.#facts.countryOf(address);
  }

  /** By conversation how many hits lie in it. */
  hitsOfFlows(): Uint32Array {
    return this.store.derived('hits of flows', () => {
      const counts = new Uint32Array(this.store.u32('flow.class').length);
      for (const flow of this.store.u32('finding.flow')) {
        if (flow > 0 && flow <= counts.length) counts[flow - 1] = (counts[flow - 1] ?? 0) + 1;
      }
      return counts;
    });
  }

  /** By code of `host`, from 1: the country of its address, null where none is known. */
  countries(): readonly (string | null)[] {
    return this.store.derived('countries', () => {
      const hosts = this.store.dictionary('host');
      const countries: (string | null)[] = [];
      for (let code = 1; code <= hosts.size; code += 1) {
        const text = hosts.text(code);
        countries.push(this.#facts.countryOf(text.slice(text.lastIndexOf('\n') + 1)));
      }
      return countries;
    });
  }

  /** By code, from 1; code 0 is the class of rows that are not there. */
  #classes<Class>(name: string): readonly Class[] {
    return this.store.derived(name, () => {
      const dictionary = this.store.dictionary(name);
      return Array.from({ length: dictionary.size }, (_, i) => JSON.parse(dictionary.text(i + 1)) as Class);
    });
  }
}

/** 1 at each code whose class is accepted. */
export function classesWhere<Class>(classes: readonly Class[], accepts: (one: Class) => boolean): Mask {
  const accepted = emptyMask(classes.length + 1);
  classes.forEach((one, i) => {
    if (accepts(one)) accepted[i + 1] = 1;
  });
  return accepted;
}
