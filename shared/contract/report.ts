import * as z from 'zod';
import type { Chosen } from './cases.ts';
import { command, inCase, language } from './operation.ts';
import { taskId, type Started } from './tasks.ts';

export const reportFormats = ['html', 'pdf', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

export const report = {
  /** Shows the save dialog, then writes. */
  'report.export': command<Chosen<Started>>()(
    z.strictObject({ ...inCase, edition: z.enum(['full']), format: z.enum(reportFormats), language }),
  ),
  /** Shows the finished file in the system's file manager. */
  'report.reveal': command<null>()(z.strictObject({ task: taskId })),
} as const;
