/** One handset state that the demonstration acquires, and the run whose gateway capture belongs to it. */
export interface DemonstrationStep {
  /** Name under which the engine announces the handset. */
  readonly persona: string;
  readonly handset: 'founding' | 'mi2s';
  readonly label: string;
  readonly run: string;
}

/** The runs of the founding case in their order (handbook: case-2014.md, «The runs that settle it»). */
export const demonstrationSteps: readonly DemonstrationStep[] = [
  { persona: 'founding-before:R1', handset: 'founding', label: 'before', run: 'R1' },
  { persona: 'founding-before:R2', handset: 'founding', label: 'before', run: 'R2' },
  { persona: 'mi2s-before:R6a', handset: 'mi2s', label: 'mi2s-before', run: 'R6a' },
  { persona: 'founding-after-kept:R5', handset: 'founding', label: 'after-kept', run: 'R5' },
  { persona: 'mi2s-after:R6b', handset: 'mi2s', label: 'mi2s-after', run: 'R6b' },
  { persona: 'founding-after:R3', handset: 'founding', label: 'after-reset', run: 'R3' },
  { persona: 'founding-after:R4', handset: 'founding', label: 'after-reset', run: 'R4' },
];

export const demonstrationCase = {
  number: 'DEMO-2014',
  title: 'Synthetic demonstration: a handset that reports home / 合成示範:會回報的手機',
  examiner: 'Demonstration',
  founding: 'Redmi 1S (synthetic)',
  mi2s: 'Mi 2S (synthetic)',
  supervisor: 'Supervisor (synthetic)',
  intakes: {
    founding: {
      exhibitNumber: 'DEMO-1',
      seal: 'A 000117, whole (synthetic) / 完整',
      receivedFrom: 'complaint form 1 (synthetic)',
      authority: 'Consent of the owner, synthetic / 所有人同意（合成）',
      state: { lock: 'unlocked', power: 'on', airplane: 'on', sim: 'present', battery: 74 },
    },
    mi2s: {
      exhibitNumber: 'DEMO-2',
      seal: null,
      receivedFrom: 'complaint form 2 (synthetic)',
      authority: 'Consent of the owner, synthetic / 所有人同意（合成）',
      state: { lock: 'no-lock', power: 'off', airplane: 'unknown', sim: 'removed', battery: null },
    },
  },
  complaints: [
    {
      text: 'Since the upgrade the browser closes as soon as it is opened. / 升級後瀏覽器一開即關。',
      from: 'complaint form 1 (synthetic)',
      package: 'com.android.browser',
      symptom: 'closes',
    },
    {
      text: 'Since the upgrade LINE shows no messages until it is opened. / 升級後 LINE 未開啟時不再收到訊息。',
      from: 'complaint form 2 (synthetic)',
      package: 'jp.naver.line.android',
    },
  ],
} as const;
