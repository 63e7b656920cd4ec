import type { Phase } from '../../shared/filter/filter-keys.ts';
import type { Consent } from '../../shared/model/finding.ts';
import { openCountryDatabase } from '../analysis/destinations/country-database.ts';
import type { CountryDatabase } from '../analysis/destinations/country-database.ts';
import { consentSpans } from '../analysis/detectors/consent.ts';
import type { RowFacts } from '../evidence/columns/row-facts.ts';
import type { CaseReader } from '../evidence/readers/case-reader.ts';
import type { IndexReader } from '../evidence/readers/index-reader.ts';
import { eventsOf } from './case-events.ts';
import { clockStepOf } from './clock-step-note.ts';
import { readCountryData } from './address-data.ts';

const phaseOf: Readonly<Record<Consent, Phase>> = {
  'before-any-act': 'before-consent',
  'after-act': 'after-consent',
  unknown: 'unknown',
};

let countries: CountryDatabase | null | undefined;

function countryDatabase(): CountryDatabase | null {
  if (countries === undefined) {
    const data = readCountryData();
    countries = data === null ? null : openCountryDatabase(data.bytes, data.name, null);
  }
  return countries;
}

/** What filters over the index's rows need beside it: the country of an address, and the case's consent acts. */
export function rowFactsOf(reader: CaseReader, index: IndexReader): RowFacts {
  return index.rowFacts({
    countryOf: (address) => countryDatabase()?.countryOf(address).country ?? null,
    phasesOf: (id) => {
      const exhibit = reader.exhibits().find((one) => one.id === id);
      if (exhibit === undefined) return [];
      const events = eventsOf(reader, index, { label: null, run: null });
      const facts = { ...exhibit, clockStepUs: clockStepOf(index, id) };
      return consentSpans(events, facts).map(({ fromUs, consent }) => ({ fromUs, phase: phaseOf[consent] }));
    },
  });
}
