import { useState } from 'react';
import { reportFormats, type ReportFormat } from '../../shared/contract/report.ts';
import type { Language } from '../../shared/contract/operation.ts';
import { call } from '../bridge/client.ts';
import { isRunning, useTasks } from '../bridge/tasks.ts';
import { useOrder } from '../bridge/use-order.ts';
import { useCase } from '../open-case.tsx';
import { Button } from '../widgets/button.tsx';
import { Copyable } from '../widgets/copyable.tsx';
import { SelectField } from '../widgets/field.tsx';
import { HostileText } from '../widgets/hostile-text.tsx';
import { Notice, ProblemNotice } from '../widgets/notice.tsx';
import { Facts, Page, Panel } from '../widgets/page.tsx';
import { ProgressBar } from '../widgets/progress-bar.tsx';
import { useWords } from '../words/words.tsx';
import { StaleNotice } from './not-analysed.tsx';

/** The reports of this session, newest first. */
function Written() {
  const { say, bytes } = useWords();
  const { case: token } = useCase();
  const tasks = useTasks().filter((task) => task.kind === 'report' && task.about?.case === token);
  if (tasks.length === 0) return null;
  return (
    <Panel title={say('ui.report.written')}>
      <ul className="written">
        {tasks.map((task) => (
          <li key={task.task}>
            {isRunning(task) ? <ProgressBar progress={task.progress} label={say('ui.task-kind.report')} /> : null}
            {task.problem === null ? null : <ProblemNotice problem={task.problem} />}
            {task.result?.kind === 'report' ? (
              <>
                <p>
                  <strong>
                    <HostileText text={task.result.fileName} max={200} />
                  </strong>{' '}
                  <span className="muted">{bytes(task.result.bytes)}</span>
                </p>
                <Copyable text={task.result.sha256} what="SHA-256" />
                <Button onPress={() => void call('report.reveal', { task: task.task })}>
                  {say('ui.report.reveal')}
                </Button>
              </>
            ) : null}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

export function ReportScreen() {
  const { say, language: shownLanguage, number } = useWords();
  const { case: token, summary, analysed, findings } = useCase();
  const order = useOrder('report.export');
  const [format, setFormat] = useState<ReportFormat>('pdf');
  const [chosen, setLanguage] = useState<Language | null>(null);
  const language = chosen ?? shownLanguage;
  const running = useTasks().some((task) => task.kind === 'report' && isRunning(task));
  const empty = summary.counts.exhibits === 0;
  return (
    <Page title={say('ui.nav.report')} about={say('ui.report.about')}>
      <StaleNotice />
      <div className="two-columns">
        <Panel title={say('ui.report.export-title')}>
          {order.problem === null ? null : <ProblemNotice problem={order.problem} />}
          <SelectField
            label={say('ui.report.language')}
            value={language}
            onChange={(value: Language) => setLanguage(value)}
            options={[
              { value: 'en', text: 'English' },
              { value: 'zh-Hant', text: '繁體中文' },
            ]}
          />
          <SelectField
            label={say('ui.report.format')}
            value={format}
            onChange={setFormat}
            hint={say(`ui.report.format-about.${format}`)}
            options={reportFormats.map((value) => ({ value, text: value.toUpperCase() }))}
          />
          <Notice tone="warning">{say('ui.report.full-edition')}</Notice>
          {empty ? <Notice tone="info">{say('ui.report.empty')}</Notice> : null}
          <div className="button-row">
            <Button
              kind="primary"
              busy={order.busy || running}
              onPress={() => void order.give({ case: token, edition: 'full', format, language })}
            >
              {say('ui.report.export')}
            </Button>
          </div>
        </Panel>
        <Panel title={say('ui.report.contents')}>
          <Facts
            facts={[
              { name: say('ui.new-case.number'), value: <HostileText text={summary.number} /> },
              { name: say('ui.count.exhibits'), value: number(summary.counts.exhibits) },
              { name: say('ui.count.findings'), value: number(findings) },
              { name: say('ui.count.decisions'), value: number(summary.counts.decisions) },
              { name: say('ui.report.analysed'), value: analysed ? say('ui.yes') : say('ui.no') },
              { name: say('ui.custody.head'), value: <code className="breakable">{summary.head}</code> },
            ]}
          />
          <ul className="bullets">
            {(['summary', 'method', 'findings', 'comparison', 'verdicts', 'gaps', 'custody', 'program'] as const).map(
              (part) => (
                <li key={part}>{say(`ui.report.part.${part}`)}</li>
              ),
            )}
          </ul>
        </Panel>
      </div>
      <Written />
    </Page>
  );
}
