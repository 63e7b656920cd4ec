import type { CategoryRule } from './data-category.ts';

/** When and how long programs were on the screen, in fields that are named so. */
export const usageTimes: CategoryRule = {
  name: 'usage-times',
  source: 'Liu, Patras and Leith 2021: every screen with time and duration; UsageStats',
  severity: 'medium',
  least: 1,
  probes: [
    {
      id: 'category-usage',
      kind: 'custom',
      category: 'usage-times',
      source: 'android.app.usage.UsageStats, and names that follow it',
      endings: [
        'lasttimeused',
        'last_time_used',
        'timeinforeground',
        'foreground_time',
        'foregroundtime',
        'usage_time',
        'usagetime',
        'use_time',
        'screen_time',
        'screentime',
        'launch_count',
        'launchcount',
      ],
      name: /(last_?time_?used|time_?in_?foreground|foreground_?time|usage_?time|use_time|screen_?time|launch_?count)$/i,
      looks: (v) => /^[1-9]\d{0,15}$/.test(v),
    },
  ],
};
