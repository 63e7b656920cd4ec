import { useState } from 'react';
import type { CaseHandset, ConnectedHandset } from '../../../shared/model/handset.ts';
import { useQuery } from '../../bridge/use-query.ts';
import { useCase } from '../../open-case.tsx';
import { SelectField, TextField } from '../../widgets/field.tsx';
import { hostileLine } from '../../widgets/hostile-parts.ts';
import { useWords } from '../../words/words.tsx';

export interface RunChoice {
  readonly serial: string;
  readonly handset: string;
  readonly label: string;
  readonly run: string;
}

/** The choice as main takes it: an empty run is none. */
export function runOf({
  serial,
  handset,
  label,
  run,
}: RunChoice): Omit<RunChoice, 'run'> & { readonly run: string | null } {
  return { serial, handset, label, run: run.trim() === '' ? null : run };
}

export interface RunSources {
  readonly ready: readonly ConnectedHandset[];
  readonly known: readonly CaseHandset[];
  readonly loaded: boolean;
  readonly choice: RunChoice;
  readonly set: (change: Partial<RunChoice>) => void;
  /** The next run is of another handset: label and run stay as they were typed. */
  readonly forgetHandset: () => void;
  /** Everything that is needed is there. */
  readonly complete: boolean;
}

/** What an acquisition or a capture is made from: a handset that answers and is not busy, its name in the case, label and run. */
export function useRunSources(busySerials: readonly string[] = []): RunSources {
  const { case: token } = useCase();
  const live = useQuery('handsets.live', {}, ['handsets']);
  const known = useQuery('handsets.list', { case: token }, ['case']);
  const [chosen, setChosen] = useState<Partial<RunChoice>>({});
  const ready = (live.value?.handsets ?? []).filter(
    (handset) => handset.state === 'device' && !busySerials.includes(handset.serial),
  );
  const handsets = known.value ?? [];
  const serial = ready.some((handset) => handset.serial === chosen.serial) ? chosen.serial : ready[0]?.serial;
  const matching = handsets.find((handset) => handset.serial === serial) ?? handsets[0];
  const choice: RunChoice = {
    serial: serial ?? '',
    handset: chosen.handset ?? matching?.id ?? '',
    label: chosen.label ?? '',
    run: chosen.run ?? '',
  };
  return {
    ready,
    known: handsets,
    loaded: live.value !== null && known.value !== null,
    choice,
    set: (change) => setChosen((old) => ({ ...old, ...change })),
    forgetHandset: () =>
      setChosen(({ label, run }) => ({
        ...(label === undefined ? {} : { label }),
        ...(run === undefined ? {} : { run }),
      })),
    complete: choice.serial !== '' && choice.handset !== '' && choice.label.trim() !== '',
  };
}

export interface LabelFieldsProps {
  readonly label: string;
  readonly run: string;
  readonly onLabel: (label: string) => void;
  readonly onRun: (run: string) => void;
}

export function LabelFields({ label, run, onLabel, onRun }: LabelFieldsProps) {
  const { say } = useWords();
  const { summary, runs } = useCase();
  const labels = [...new Set(['before', 'after', ...summary.labels])];
  return (
    <>
      <TextField
        label={say('ui.run.label')}
        hint={say('ui.run.label-hint')}
        value={label}
        onChange={onLabel}
        suggestions={labels}
        required
      />
      <TextField
        label={say('ui.run.run')}
        hint={say('ui.run.run-hint')}
        value={run}
        onChange={onRun}
        suggestions={runs}
      />
    </>
  );
}

export function RunFields({ sources }: { readonly sources: RunSources }) {
  const { say } = useWords();
  const { ready, known, choice, set } = sources;
  return (
    <>
      <SelectField
        label={say('ui.run.connected')}
        value={choice.serial}
        onChange={(serial) => set({ serial })}
        options={ready.map((handset) => ({
          value: handset.serial,
          text: hostileLine(`${handset.model ?? handset.product ?? ''} ${handset.serial}`.trim()),
        }))}
      />
      <SelectField
        label={say('ui.run.handset')}
        value={choice.handset}
        onChange={(handset) => set({ handset })}
        options={known.map((handset) => ({ value: handset.id, text: hostileLine(`${handset.id} ${handset.label}`) }))}
      />
      <LabelFields
        label={choice.label}
        run={choice.run}
        onLabel={(label) => set({ label })}
        onRun={(run) => set({ run })}
      />
    </>
  );
}
