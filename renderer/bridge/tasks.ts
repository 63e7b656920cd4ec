import { useSyncExternalStore } from 'react';
import type { Task } from '../../shared/contract/tasks.ts';
import { call, listen } from './client.ts';

let tasks: readonly Task[] = [];
const listeners = new Set<() => void>();

function put(next: readonly Task[]): void {
  tasks = next;
  for (const listener of listeners) listener();
}

/** Newer news about a task replaces older; unknown tasks come first. */
export function withTask(known: readonly Task[], task: Task): readonly Task[] {
  return known.some((entry) => entry.task === task.task)
    ? known.map((entry) => (entry.task === task.task ? task : entry))
    : [task, ...known];
}

/** To be called once when the page starts: a reloaded page finds the tasks that still run. */
export async function followTasks(): Promise<void> {
  listen((event) => {
    if (event.type === 'task') put(withTask(tasks, event.task));
  });
  const reply = await call('tasks.list', {});
  if (reply.ok) put(reply.value.reduceRight((known, task) => withTask(known, task), tasks));
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** All tasks of this session, newest first. */
export function useTasks(): readonly Task[] {
  return useSyncExternalStore(subscribe, () => tasks);
}

export function useTask(id: string | null): Task | null {
  return useTasks().find((task) => task.task === id) ?? null;
}

export function isRunning(task: Task): boolean {
  return task.status === 'running' || task.status === 'stopping';
}
