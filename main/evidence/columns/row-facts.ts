import type { Phase } from '../../../shared/filter/filter-keys.ts';
import type { RowTable } from '../../../shared/filter/row-shapes.ts';
import type { ColumnStore } from './column-store.ts';
import { Answers } from './answers.ts';
import { zoned } from './instant-masks.ts';
import type { Instants } from './instant-masks.ts';
import { maskOf } from './masks.ts';
import type { Accepted, Mask } from './masks.ts';
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

  /** What was answered before, of this index. */
  answers(): Answers {
    return this.store.derived('answers', () => new Answers());
  }

  /** Rows that are there: numbers may have gaps. */
  present(table: 'flow' | 'message'): Mask {
    return this.store.derived(`present ${table}`, () => {
      const accepted = new Uint8Array(this.store.dictionary(`${table}-class`).size + 1).fill(1, 1);
      return maskOf(this.store.u32(`${table}.class`), accepted);
    });
  }

  /** When a conversation began, a message or a hit came. */
  instants(table: RowTable): Instants {
    return this.store.derived(`instants ${table}`, () =>
      zoned(this.store.f64(table === 'flow' ? 'flow.first' : `${table}.at`)),
    );
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
    this.lookUpCountries(Number.POSITIVE_INFINITY);
    return this.#countries();
  }

  /** Looks up at most `most` countries more; false: all are known. */
  lookUpCountries(most: number): boolean {
    const hosts = this.store.dictionary('host');
    const known = this.#countries();
    const end = Math.min(hosts.size, known.length + most);
    while (known.length < end) {
      const text = hosts.text(known.length + 1);
      known.push(this.#facts.countryOf(text.slice(text.lastIndexOf('\n') + 1)));
    }
    return known.length < hosts.size;
  }

  #countries(): (string | null)[] {
    return this.store.derived('countries', () => []);
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
export function classesWhere<Class>(classes: readonly Class[], accepts: (one: Class) => boolean): Accepted {
  const accepted = new Uint8Array(classes.length + 1);
  classes.forEach((one, i) => {
    if (accepts(one)) accepted[i + 1] = 1;
  });
  return accepted;
}
