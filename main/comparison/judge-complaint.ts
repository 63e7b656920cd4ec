import type { Complaint, Symptom, Verdict } from '../../shared/model/claim.ts';
import type { Change } from '../../shared/model/comparison.ts';
import type { SnapshotRecord } from '../../shared/model/record.ts';
import { compareSnapshots } from './compare-snapshots.ts';
import type { CrashLogs, CutReading } from './compare-snapshots.ts';
import { appOpInWords, permissionInWords } from './meaning.ts';
import { say } from './wording.ts';
import type { Language } from './wording.ts';

/** What the records say to a complaint. `for` names changes by kind and subject. */
export interface ComplaintVerdict {
  readonly complaint: string;
  readonly package: string | null;
  readonly verdict: Verdict;
  readonly why: string;
  readonly for: readonly string[];
  readonly against: readonly string[];
  readonly missing: readonly string[];
  /** The changes of that package, for the screen beside the verdict. */
  readonly changes: readonly Change[];
}

export interface JudgeComplaintInput {
  readonly before: readonly SnapshotRecord[];
  readonly after: readonly SnapshotRecord[];
  /** Where the logs of crashes were read; default: on both sides. */
  readonly crashLogs?: CrashLogs;
  /** Kinds that were not read to their end; default: none. */
  readonly cuts?: readonly CutReading[];
  /** Handsets that the labels stand for where the complaint does not say which of several it is about; default: none. */
  readonly oneOf?: readonly string[];
  readonly lang?: Language;
}

/** Words of complaints and the packages that people mean by them; the first that is installed is taken. */
const namedApps: readonly { readonly words: RegExp; readonly packages: readonly string[] }[] = [
  { words: /browser|瀏覽器|浏览器/i, packages: ['com.android.browser', 'com.mi.globalbrowser', 'com.android.chrome'] },
  { words: /\bline\b/i, packages: ['jp.naver.line.android'] },
  { words: /whatsapp/i, packages: ['com.whatsapp'] },
  { words: /wechat|微信/i, packages: ['com.tencent.mm'] },
  { words: /facebook|messenger|臉書/i, packages: ['com.facebook.orca', 'com.facebook.katana'] },
  { words: /\bsms\b|簡訊|短信/i, packages: ['com.android.mms', 'com.google.android.apps.messaging'] },
];

/** The app that a complaint is about: as entered, else by its words among what is installed. */
export function packageOfComplaint(complaint: Complaint, installed: ReadonlySet<string>): string | null {
  if (complaint.package !== null && complaint.package !== '') return complaint.package;
  for (const { words, packages } of namedApps) {
    const found = words.test(complaint.text) ? packages.find((name) => installed.has(name)) : undefined;
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * Words that say of the app itself that it ends or does not open, or that it is gone. Only these two are read from a text: what else a
 * person means (a permission, the start by itself) is for the examiner to choose.
 */
const symptomWords: readonly { readonly symptom: Symptom; readonly words: RegExp }[] = [
  {
    symptom: 'closes',
    words:
      /crash|clos(?:es?|ed|ing)\b|quits\b|stop(?:s|ped) working|freez|(?:not|n.t|never|no longer|cannot|unable to)\s+(?:\w+\s+){0,2}(?:open|start|launch|run|work)|閃退|闪退|當機|崩潰|崩溃|當掉|停止運作|停止运行|自動關閉|一開即關|跳掉|打不開|打不开|無法(?:開啟|啟動|執行|打開)|无法(?:打开|启动)/i,
  },
  { symptom: 'gone', words: /\bgone\b|disappear|vanish|uninstalled|不見了|消失|不见了/i },
];

/** What the complaint says goes wrong: as chosen, else by its words. */
export function symptomsOfComplaint(complaint: Complaint): ReadonlySet<Symptom> {
  if (complaint.symptom !== undefined && complaint.symptom !== null) return new Set([complaint.symptom]);
  return new Set(symptomWords.flatMap(({ symptom, words }) => (words.test(complaint.text) ? [symptom] : [])));
}

interface Support {
  /** What a person would notice of it. */
  readonly symptom: Symptom;
  /** Whether the upgrade brought it; else it may be older. */
  readonly fresh: boolean;
  readonly text: string;
  readonly cite: string;
}

/** Whether a change of the package can be what a person complains of. */
function supportOf(change: Change, lang: Language): Support | null {
  const cite = `${change.kind} ${change.subject}`;
  const facts = change.facts ?? {};
  const say_ = (key: Parameters<typeof say>[1], params: Record<string, string>): string => say(lang, key, params);
  switch (change.kind) {
    case 'crash':
      if (change.change === 'removed' || Number(change.after) <= Number(change.before ?? '0')) return null;
      // A crash that may be as old as the handset fits the complaint; it does not show that the upgrade brought it.
      if (facts['unread'] === 'before') {
        const text = say_('support.crash-unread', { exception: String(facts['exception'] ?? '') });
        return { symptom: 'closes', fresh: false, text, cite };
      }
      return {
        symptom: 'closes',
        fresh: true,
        text: say_('support.crash', { exception: String(facts['exception'] ?? '') }),
        cite,
      };
    case 'permission': {
      if (change.before !== 'granted') return null;
      const name = String(facts['permission'] ?? '');
      const words = permissionInWords(name, lang);
      return {
        symptom: 'denied',
        fresh: true,
        text: say_('support.permission', { name: words === name ? name : `${name} (${words})` }),
        cite,
      };
    }
    case 'app-op':
      return supportOfAppOp(change, lang, cite);
    case 'component':
      if (facts['boot'] !== 'lost') return null;
      return {
        symptom: 'silent',
        fresh: true,
        text: say_('support.boot', { name: change.subject.split('/')[1] ?? change.subject }),
        cite,
      };
    case 'package':
      if (change.change === 'removed') return { symptom: 'gone', fresh: true, text: say_('support.gone', {}), cite };
      if (facts['aspect'] !== 'state' || change.before !== 'enabled') return null;
      return {
        symptom: 'gone',
        fresh: true,
        text: say_('support.state', { before: change.before, after: change.after ?? '' }),
        cite,
      };
    default:
      return null;
  }
}

const blocking = new Set(['ignore', 'deny', 'ask']);

function supportOfAppOp(change: Change, lang: Language, cite: string): Support | null {
  const op = String(change.facts?.['op'] ?? '');
  const autostart = /^(?:AUTO_START|BOOT_COMPLETED)\(/.test(op);
  const lost =
    change.after === null
      ? autostart && change.before === 'allow'
      : blocking.has(change.after) && !blocking.has(change.before ?? '');
  if (!lost) return null;
  const mode = change.after ?? '–';
  const text = autostart
    ? say(lang, 'support.autostart', { mode })
    : say(lang, 'support.op', { op: `${op} (${appOpInWords(op, lang)})`, mode });
  return { symptom: autostart ? 'silent' : 'denied', fresh: true, text, cite };
}

const packageOfChange = (change: Change): string =>
  change.kind === 'package' ? change.subject : String(change.facts?.['package'] ?? '');

/**
 * Checks a complaint against what changed between two labels: new crashes, lost permissions, lost autostart, receivers that no
 * longer answer to the start. `confirmed` only where one of them is what is complained of, as chosen or in so many words; a change of
 * another kind is told and left to the examiner (`partly`).
 */
export function judgeComplaint(complaint: Complaint, input: JudgeComplaintInput): ComplaintVerdict {
  const lang = input.lang ?? 'en';
  const installed = new Set(
    [...input.before, ...input.after].flatMap((record) => (record.kind === 'package' ? [record.name] : [])),
  );
  const name = packageOfComplaint(complaint, installed);
  const base = { complaint: complaint.id, package: name, for: [], against: [], changes: [] };
  const oneOf = input.oneOf ?? [];
  if (oneOf.length > 0) {
    const handsets = oneOf.join(lang === 'en' ? ', ' : '、');
    const why = say(lang, 'complaint.which-handset', { handsets });
    return { ...base, verdict: 'not-enough-evidence', why, missing: ['handset'] };
  }
  if (name === null) {
    return { ...base, verdict: 'not-enough-evidence', why: say(lang, 'complaint.no-package'), missing: ['package'] };
  }
  const missing = [...(input.before.length === 0 ? ['before'] : []), ...(input.after.length === 0 ? ['after'] : [])];
  if (missing.length > 0) {
    return {
      ...base,
      verdict: 'not-enough-evidence',
      why: say(lang, 'complaint.no-records', { missing: missing.join(', ') }),
      missing,
    };
  }
  const logs = input.crashLogs ?? { before: true, after: true };
  const cuts = input.cuts ?? [];
  const changes = compareSnapshots(input.before, input.after, lang, logs, cuts).filter(
    (change) => packageOfChange(change) === name,
  );
  const unread = [
    ...(['before', 'after'] as const).filter((side) => !logs[side]).map((side) => `${side}: crash`),
    ...new Set(cuts.map(({ side, kind }) => `${side}: ${kind}`)),
  ];
  const support = changes.flatMap((change) => supportOf(change, lang) ?? []);
  const cited = { ...base, changes, for: support.map(({ cite }) => cite), missing: unread };
  if (support.length === 0)
    return { ...cited, verdict: 'not-enough-evidence', why: say(lang, 'complaint.open', { package: name }) };
  const params = { package: name, support: support.map(({ text }) => text).join(lang === 'en' ? ', ' : '、') };
  const stated = symptomsOfComplaint(complaint);
  const fitting = support.filter(({ symptom }) => stated.has(symptom));
  if (fitting.some(({ fresh }) => fresh))
    return { ...cited, verdict: 'confirmed', why: say(lang, 'complaint.confirmed', params) };
  // A failure that nobody speaks of, and anything beside what was chosen, is not what is complained of.
  const loud = support.some(({ symptom, fresh }) => fresh && (symptom === 'closes' || symptom === 'gone'));
  const other = fitting.length === 0 && (loud || (complaint.symptom ?? null) !== null);
  return {
    ...cited,
    verdict: 'partly',
    why: say(lang, other ? 'complaint.other-symptom' : 'complaint.partly', params),
  };
}
