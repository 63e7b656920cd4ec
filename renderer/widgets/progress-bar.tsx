import type { Progress } from '../../shared/model/acquisition.ts';
import { sayTimeLeft } from '../../shared/model/time-left.ts';
import { useWords } from '../words/words.tsx';
import { HostileText } from './hostile-text.tsx';

/** From here on a command that prints nothing is said to be waited for. */
const silentAfterSeconds = 2;

/** How far something is; without a known end it only shows that it moves. */
export function ProgressBar({ progress, label }: { readonly progress: Progress | null; readonly label: string }) {
  const { say, sayIfKnown, bytes, number } = useWords();
  const total = progress?.total ?? null;
  const done = progress?.done ?? 0;
  const command = progress?.command ?? null;
  const left = progress?.left ?? null;
  const amount = (value: number): string =>
    progress?.unit === 'bytes'
      ? bytes(value)
      : progress?.unit === 'packets'
        ? say('ui.task.packets', { count: value })
        : number(value);
  /** A step is a collector, a part of the work, or a name of its own (an exhibit, a file). */
  const stepText = (step: string): string => sayIfKnown(`collector.${step}`, sayIfKnown(`ui.step-name.${step}`, step));
  return (
    <div className="progress">
      <progress
        aria-label={label}
        max={total ?? undefined}
        value={total === null ? undefined : Math.min(done, total)}
      />
      <p className="progress-text">
        {progress === null ? (
          say('ui.task.starting')
        ) : (
          <>
            <HostileText text={stepText(progress.step)} max={160} />
            <span className="muted">
              {total === null ? amount(done) : say('ui.task.of', { done: amount(done), total: amount(total) })}
            </span>
            {command === null ? null : (
              <span className="muted">
                {command.silentSeconds >= silentAfterSeconds
                  ? say('ui.task.silent', { seconds: number(command.silentSeconds) })
                  : say('ui.task.asking', { bytes: bytes(command.bytes), seconds: number(command.seconds) })}{' '}
                <HostileText text={command.command} max={160} mono />
                {command.said === undefined ? null : (
                  <>
                    {' '}
                    <HostileText text={command.said} max={40} mono />
                  </>
                )}
              </span>
            )}
            {left === null ? null : (
              <span className="time-left">
                <HostileText
                  text={sayTimeLeft(left, (key, values) => sayIfKnown(key, key, values), stepText)}
                  max={400}
                />
              </span>
            )}
            {progress.unit !== 'bytes' || progress.note === null ? null : (
              <span className="muted">
                <HostileText text={progress.note} max={160} />
              </span>
            )}
          </>
        )}
      </p>
    </div>
  );
}
