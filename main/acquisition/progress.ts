import type { RunningCommand } from '../../shared/model/acquisition.ts';
import type { ReportProgress } from './ports.ts';
import type { PullCourse } from './time-left.ts';
import { Foresight } from './time-left.ts';
import { typicalMs } from './typical-times.ts';

/**
 * Says where the acquisition of the collectors `planned` (ids, in their order) is: at each of them, and each second which command
 * is waited for, what it printed and what remains. `clock`: monotonic milliseconds.
 */
export function startProgress(
  report: ReportProgress | undefined,
  planned: readonly string[],
  clock: () => number = () => performance.now(),
): {
  begin(step: string, done: number): void;
  /** `bytes` so far; 0 as it is sent. `said`: how far it says it is. */
  onBytes: (command: string, bytes: number, said?: string) => void;
  /** Of a pull whose sizes are known: how much of all is here. */
  onPulled: (doneBytes: number, totalBytes: number) => void;
  stop(done: number): void;
} {
  const total = planned.length;
  const foresight = new Foresight(typicalMs);
  const ended: { id: string; tookMs: number }[] = [];
  let current: { step: string; done: number; beganMs: number } | null = null;
  let asked: Asked | null = null;
  let pull: (Omit<PullCourse, 'forMs'> & { readonly beganMs: number }) | null = null;
  const end = (nowMs: number): void => {
    if (current !== null) ended.push({ id: current.step, tookMs: nowMs - current.beganMs });
    current = null;
    asked = null;
    pull = null;
  };
  const say = (step: string, done: number): void => {
    const nowMs = clock();
    const running = asked === null ? null : runningOf(asked, nowMs);
    const note = running === null ? null : noteOf(running);
    const begun = current === null ? done : done + 1;
    const course = {
      ended,
      running:
        current === null
          ? null
          : {
              id: current.step,
              forMs: nowMs - current.beganMs,
              pull: pull === null ? null : { ...pull, forMs: nowMs - pull.beganMs },
            },
      waiting: planned.slice(begun),
    };
    // The run that stopped has nothing left, whatever was not reached.
    const left = current === null ? null : foresight.tell(course, nowMs);
    report?.({ task: 'acquisition', unit: 'collectors', total, step, done, note, command: running, left });
  };
  const timer = setInterval(() => {
    if (current !== null) say(current.step, current.done);
  }, 1000);
  timer.unref();
  return {
    begin(step, done) {
      const nowMs = clock();
      end(nowMs);
      current = { step, done, beganMs: nowMs };
      say(step, done);
    },
    onBytes(command, bytes, said) {
      const nowMs = clock();
      const isSent = bytes === 0 || asked === null || asked.command !== command;
      asked = { command, bytes, sentMs: isSent ? nowMs : (asked?.sentMs ?? nowMs), outputMs: nowMs, said };
    },
    onPulled(doneBytes, totalBytes) {
      pull = { doneBytes, totalBytes, beganMs: pull?.beganMs ?? clock() };
    },
    stop(done) {
      clearInterval(timer);
      end(clock());
      say('finished', done);
    },
  };
}

interface Asked {
  readonly command: string;
  readonly bytes: number;
  readonly sentMs: number;
  readonly outputMs: number;
  readonly said: string | undefined;
}

function noteOf({ command, bytes, seconds, said }: RunningCommand): string {
  return [command, ...(said === undefined ? [] : [said]), `${bytes} B`, `${seconds} s`].join(' · ');
}

function runningOf(asked: Asked, nowMs: number): RunningCommand {
  const secondsSince = (ms: number): number => Math.round((nowMs - ms) / 1000);
  const { command, bytes, said } = asked;
  const seconds = secondsSince(asked.sentMs);
  const running = { command, bytes, seconds, silentSeconds: secondsSince(asked.outputMs) };
  return said === undefined ? running : { ...running, said };
}
