import type { CategoryRule } from './data-category.ts';

/** Names of the packages that the handset has. Names without a dot (`android`) are words. */
export const installedApps: CategoryRule = {
  name: 'installed-apps',
  source: 'F-Secure, August 2014 (with Mi Cloud); checkpackages.php of the same year; Liu, Patras and Leith 2021',
  severity: 'medium',
  least: 5,
  hashed: true,
  seedsOf: (record) =>
    record.kind === 'package' && record.state !== 'uninstalled' && /^[\w-]+(\.[\w-]+)+$/.test(record.name)
      ? [record.name]
      : [],
};
