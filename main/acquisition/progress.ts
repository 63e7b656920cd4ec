import type { ReportProgress } from './ports.ts';

/** Says where the acquisition is: at each collector, and each second while one command takes long. */
export function startProgress(
  report: ReportProgress | undefined,
  total: number,
): {
  begin(step: string, done: number): void;
  onBytes: (command: string, bytes: number) => void;
  stop(done: number): void;
} {
  let current = { step: '', done: 0, note: null as string | null };
  let bytesSeen = 0;
  let begunMs = performance.now();
  const say = (): void => {
    report?.({ task: 'acquisition', unit: 'collectors', total, ...current });
  };
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - begunMs) / 1000);
    current = {
      ...current,
      note: `${current.note?.split(' · ', 1)[0] ?? current.step} · ${bytesSeen} B · ${seconds} s`,
    };
    say();
  }, 1000);
  timer.unref();
  return {
    begin(step, done) {
      current = { step, done, note: null };
      bytesSeen = 0;
      begunMs = performance.now();
      say();
    },
    onBytes(command, bytes) {
      current = { ...current, note: command };
      bytesSeen = bytes;
    },
    stop(done) {
      clearInterval(timer);
      current = { step: 'finished', done, note: null };
      say();
    },
  };
}
