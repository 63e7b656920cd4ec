import { ask, everyProfile } from '../collector.ts';
import type { CardCall, Collector, CommandStep, HandsetFacts } from '../collector.ts';

const slots = [0, 1] as const;
/** Ids count up with each card that was ever put in: the first ones, where the handset does not tell them. */
const firstIds = [1, 2, 3, 4] as const;
const mostCards = 4;

/** IMEIs are asked under one permission, what stands on the card under another, its number under a third (TelephonyPermissions). */
const permissionOf: Readonly<Record<CardCall['kind'], string>> = {
  imei: 'equipment',
  imsi: 'card',
  iccid: 'card',
  msisdn: 'number',
};

function callsOf({ cardCalls = [], subscriptions }: HandsetFacts): CommandStep[] {
  const cards = (subscriptions ?? firstIds).slice(0, mostCards);
  return cardCalls.flatMap(({ code, names, kind }) =>
    (names === 'slot' ? slots : cards).map((whose) =>
      ask(`service call iphonesubinfo ${code} i32 ${whose} s16 com.android.shell`, {
        timeoutMs: 15_000,
        unlessRefused: permissionOf[kind],
      }),
    ),
  );
}

/**
 * What the telephony service says of each slot and each card: the getters of `identifiers` answer for the default one only, so a second
 * IMEI, IMSI, ICCID or number would never be searched for. From 5.1 on; the cards are those that `dumpsys isub` told.
 */
export const simCards: Collector = {
  id: 'sim-cards',
  titleKey: 'collector.sim-cards',
  profiles: everyProfile,
  asks: callsOf,
};
