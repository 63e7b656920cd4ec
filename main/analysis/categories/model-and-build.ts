import type { CategoryRule } from './data-category.ts';

const properties: ReadonlySet<string> = new Set([
  'ro.product.model',
  'ro.product.marketname',
  'ro.build.fingerprint',
  'ro.build.display.id',
  'ro.build.version.incremental',
  'ro.build.id',
]);

/** Model and build of the handset. Most programs name them in every request: it is told once a capture, as a fact and no fault. */
export const modelAndBuild: CategoryRule = {
  name: 'model-and-build',
  source: 'User-Agent of Dalvik; Lithuania NKSC 2021 (61 parameters of the browser)',
  severity: 'info',
  least: 1,
  oncePerCapture: true,
  seedsOf: (record) =>
    record.kind === 'property' && properties.has(record.name) && record.value.length >= 4 ? [record.value] : [],
};
