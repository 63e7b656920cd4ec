import type { CategoryRule } from './data-category.ts';

/** Degrees with at least three decimals (a hundred metres): whole degrees place nobody. */
const degrees = /^-?\d{1,3}\.\d{3,}$/;

export const coordinates: CategoryRule = {
  name: 'coordinates',
  source: 'Location.getLatitude; MiFit to apilocate.amap.com, 2014',
  severity: 'medium',
  least: 1,
  probes: [
    {
      id: 'category-latitude',
      kind: 'location',
      category: 'coordinates',
      source: 'WGS 84 degrees',
      endings: ['latitude', 'lat'],
      numbers: true,
      name: /(^|[^a-z])(lat|latitude)$|Lat(itude)?$/,
      looks: (v) => degrees.test(v) && Math.abs(Number(v)) <= 90 && Number(v) !== 0,
    },
    {
      id: 'category-longitude',
      kind: 'location',
      category: 'coordinates',
      source: 'WGS 84 degrees',
      endings: ['longitude', 'lng', 'lon'],
      numbers: true,
      name: /(^|[^a-z])(lng|lon|longitude)$|L(ng|on|ongitude)$/,
      looks: (v) => degrees.test(v) && Math.abs(Number(v)) <= 180 && Number(v) !== 0,
    },
  ],
};
