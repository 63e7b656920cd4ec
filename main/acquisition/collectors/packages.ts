import { ask, everyProfile } from '../collector.ts';
import type { Collector, CommandStep, HandsetFacts } from '../collector.ts';

/** Each release takes fewer flags than the next: `-U` came with 7, the version code with 8. */
const forms = [
  'pm list packages -f -U -i --show-versioncode',
  'pm list packages -f -i -U',
  'pm list packages -f -i',
  'pm list packages -f',
];
const oneUser = ' --user 0';
const firstWithVersionCode = 26;

/**
 * A list without a user named asks for every user, and is refused as a whole where the shell may not see one of them (Samsung's
 * Secure Folder is user 150): mozilla/web-ext pull request 2904, mvt-project/androidqf issue 12. So the same form of user 0 comes
 * directly behind: what a shorter form would lose (UID, installer, version code) is lost for no reason there. Releases before 8 lack
 * flags, not users: they are asked for shorter forms first.
 */
function listed({ sdk }: HandsetFacts): CommandStep {
  const ofOneUser = forms.map((form) => `${form}${oneUser}`);
  const ways =
    sdk !== null && sdk < firstWithVersionCode
      ? [...forms, ...ofOneUser.slice(1)]
      : forms.flatMap((form, at) => [form, ...ofOneUser.slice(at, at + 1)]);
  const [first = 'pm list packages', ...others] = ways;
  return ask(first, { otherwise: [...others, 'pm list packages'].map((one) => ask(one)) });
}

const filtered = (filter: string): CommandStep =>
  ask(`pm list packages ${filter}`, { otherwise: [ask(`pm list packages ${filter}${oneUser}`)] });

/** Installed apps; which are disabled, which belong to the system, which do not. */
export const packages: Collector = {
  id: 'packages',
  titleKey: 'collector.packages',
  profiles: everyProfile,
  asks: (facts) => [listed(facts), filtered('-d'), filtered('-s'), filtered('-3')],
};
