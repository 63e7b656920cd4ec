import { useEffect, useState } from 'react';
import type { RecordRow } from '../../../shared/contract/exhibits.ts';
import type { Exhibit } from '../../../shared/model/exhibit.ts';
import { call } from '../../bridge/client.ts';
import { useCase } from '../../open-case.tsx';
import { useWords } from '../../words/words.tsx';
import { RawView } from '../acquisition/raw-view.tsx';
import { needlesOf, placeIn } from './raw-place.ts';

/** The most that one question to main answers. */
const blockBytes = 65_536;
/** How far an output is read to find the place of one record; longer ones are shown from their beginning, and it is said. */
const furthestBytes = 4 * 1024 * 1024;
/** What is shown before the place, so that its line stands whole. */
const leadBytes = 256;

type Place = 'looking' | 'beyond' | { readonly offset: number | null };

function usePlace(record: RecordRow, exhibit: Exhibit, token: string): Place {
  const [place, setPlace] = useState<Place>('looking');
  useEffect(() => {
    let current = true;
    async function look(): Promise<void> {
      const end = Math.min(exhibit.bytes, furthestBytes);
      const parts: string[] = [];
      for (let offset = 0; offset < end && current; offset += blockBytes) {
        const input = { case: token, exhibit: exhibit.id, offset, length: Math.min(blockBytes, end - offset) };
        const reply = await call('exhibits.bytes', input);
        if (!reply.ok) break;
        parts.push(atob(reply.value.base64));
      }
      if (!current) return;
      const offset = placeIn(parts.join(''), needlesOf(record));
      setPlace(offset === null && exhibit.bytes > furthestBytes ? 'beyond' : { offset });
    }
    void look();
    return () => {
      current = false;
    };
  }, [record, exhibit.id, exhibit.bytes, token]);
  return place;
}

/** The raw output, opened where the record stands in it. */
export function RawOfRecord({ record, exhibit }: { readonly record: RecordRow; readonly exhibit: Exhibit }) {
  const { say, number } = useWords();
  const { case: token } = useCase();
  const place = usePlace(record, exhibit, token);
  if (place === 'looking') return <p className="muted">{say('ui.loading')}</p>;
  const offset = place === 'beyond' ? null : place.offset;
  return (
    <>
      <p className="hint">
        {place === 'beyond'
          ? say('ui.records.place-beyond')
          : offset === null
            ? say('ui.records.place-none')
            : say('ui.records.place', { offset: number(offset) })}
      </p>
      <RawView exhibit={exhibit} firstOffset={Math.max(0, (offset ?? 0) - leadBytes)} />
    </>
  );
}
