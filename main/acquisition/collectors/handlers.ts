import { ask, fromStandard } from '../collector.ts';
import type { Collector } from '../collector.ts';

/** What a person starts without naming an app: a web address, a text message, a call, the assistant, the home screen. */
const questions = [
  '-a android.intent.action.VIEW -d https://example.org/',
  '-a android.intent.action.SENDTO -d sms:',
  '-a android.intent.action.DIAL -d tel:',
  '-a android.intent.action.ASSIST',
  '-a android.intent.action.MAIN -c android.intent.category.HOME',
];

/** Which app answers each (from 7 on), and which engine shows web pages inside the others. */
export const handlers: Collector = {
  id: 'handlers',
  titleKey: 'collector.handlers',
  profiles: fromStandard,
  asks: () => [
    ...questions.map((question) => ask(`cmd package resolve-activity --brief ${question}`)),
    ask('dumpsys webviewupdate'),
  ],
};
