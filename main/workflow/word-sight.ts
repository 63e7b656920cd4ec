import type { LiveSight, LiveState } from '../../shared/model/live-sight.ts';
import type { Conduct, Lang } from './conduct.ts';
import type { LiveOutput } from './live-search.ts';
import { wordsFor } from './words.ts';

/** «first seen: IMEI (I1) plain in cleartext to host …», for people; the identifier's value does not stand in it. */
export function wordSight(lang: Lang, sight: LiveSight): string {
  const words = wordsFor(lang);
  const { identifier, representation, transform, channel, direction, host, address, at } = sight;
  return words(`live.first-seen-${direction}`, {
    kind: words(`ui.identifier-kind.${identifier.kind}`),
    id: identifier.id,
    representation: words(`ui.representation.${representation}`),
    steps: transform.length === 0 ? 'none' : transform.join(' → '),
    channel: words(`ui.channel.${channel}`),
    host: host === null || host === address ? address : `${host} (${address})`,
    at,
  });
}

/** From here on it is said that the search is behind, and that it caught up. */
const behindBytes = 64 * 1024 * 1024;
const sayEveryMs = 5000;

/** Tells a live search in lines for people. */
export function liveLines(conduct: Pick<Conduct, 'lang'>, say: (line: string) => void): LiveOutput {
  const words = wordsFor(conduct.lang);
  let saidMs = Number.NEGATIVE_INFINITY;
  let isBehind = false;
  let told = 0;
  return {
    onSights: (sights, dropped) => {
      for (const sight of sights) say(wordSight(conduct.lang, sight));
      if (dropped > 0 && told === 0) say(words('live.more-sights'));
      told = dropped;
    },
    onState: (state: LiveState) => {
      if (state.behindBytes < behindBytes) {
        if (isBehind && state.behindBytes === 0) {
          say(words('live.caught-up'));
          isBehind = false;
        }
        return;
      }
      if (performance.now() - saidMs < sayEveryMs) return;
      saidMs = performance.now();
      isBehind = true;
      say(words('live.behind', { megabytes: Math.round(state.behindBytes / 1e6) }));
    },
    onFailure: (detail) => say(words('live.failed', { detail })),
  };
}
