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

/** What an app holds that is the default for it (android.app.role.RoleManager). */
const roles = ['BROWSER', 'SMS', 'DIALER', 'ASSISTANT', 'HOME', 'CALL_REDIRECTION', 'CALL_SCREENING', 'EMERGENCY'];

/** Which app answers each (from 7 on), and which engine shows web pages inside the others. */
export const handlers: Collector = {
  id: 'handlers',
  titleKey: 'collector.handlers',
  profiles: fromStandard,
  asks: ({ sdk }) => [
    ...questions.map((question) => ask(`cmd package resolve-activity --brief ${question}`)),
    // What 10 and 11 tell of roles at all: their command only changes holders (frameworks/base, RoleManagerShellCommand).
    ...(sdk === null || (sdk >= 29 && sdk < 31) ? [ask('dumpsys role')] : []),
    ...(sdk === null || sdk >= 31
      ? roles.map((role) => ask(`cmd role get-role-holders android.app.role.${role}`))
      : []),
    ask('dumpsys webviewupdate'),
  ],
};
