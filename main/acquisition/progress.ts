import type { RunningCommand } from '../../shared/model/acquisition.ts';
import type { ReportProgress } from './ports.ts';

/** Says where the acquisition is: at each collector, and each second which command is waited for and what it printed. */
export function startProgress(
  report: ReportProgress | undefined,
  total: number,
): {
  begin(step: string, done: number): void;
  /** `bytes` so far; 0 as it is sent. */
  onBytes: (command: string, bytes: number) => void;
  stop(done: number): void;
} {
  let current = { step: '', done: 0 };
  let asked: { command: string; bytes: number; sentMs: number; outputMs: number } | null = null;
  const say = (): void => {
    const running = asked === null ? null : runningOf(asked);
    const note = running === null ? null : `${running.command} · ${running.bytes} B · ${running.seconds} s`;
    report?.({ task: 'acquisition', unit: 'collectors', total, ...current, note, command: running });
  };
  const timer = setInterval(say, 1000);
  timer.unref();
  return {
    begin(step, done) {
      current = { step, done };
      asked = null;
      say();
    },
    onBytes(command, bytes) {
      const nowMs = performance.now();
      const isSent = bytes === 0 || asked === null || asked.command !== command;
      asked = { command, bytes, sentMs: isSent ? nowMs : (asked?.sentMs ?? nowMs), outputMs: nowMs };
    },
    stop(done) {
      clearInterval(timer);
      current = { step: 'finished', done };
      asked = null;
      say();
    },
  };
}

function runningOf(asked: {
  readonly command: string;
  readonly bytes: number;
  readonly sentMs: number;
  readonly outputMs: number;
}): RunningCommand {
  const secondsSince = (ms: number): number => Math.round((performance.now() - ms) / 1000);
  const { command, bytes } = asked;
  return { command, bytes, seconds: secondsSince(asked.sentMs), silentSeconds: secondsSince(asked.outputMs) };
}
