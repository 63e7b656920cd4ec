// Packs the ranges of @ip-location-db/asn (two tables of half a million lines) into one file that the program reads at once:
// main/analysis/destinations/network-database.ts has the layout. Whole numbers are little-endian.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join('node_modules', '@ip-location-db', 'asn');
const line = /^(\d+),(\d+),(\d+),(?:"((?:[^"]|"")*)"|(.*))$/;
const noNetwork = 0;

class Holders {
  numbers = [0];
  names = [''];
  #index = new Map();

  indexOf(number, name) {
    const known = this.#index.get(number);
    if (known !== undefined) return known;
    this.numbers.push(Number(number));
    this.names.push(name);
    this.#index.set(number, this.names.length - 1);
    return this.names.length - 1;
  }
}

/** Begin and holder of each stretch; what lies between two ranges is a stretch without a holder. */
function stretches(file, holders, toStart) {
  const begins = [];
  const owners = [];
  let next = null;
  const add = (begin, owner) => {
    if (owners.at(-1) === owner) return;
    begins.push(begin);
    owners.push(owner);
  };
  for (const text of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (text === '') continue;
    const [, first, last, number, quoted, plain] = line.exec(text) ?? [];
    if (first === undefined) throw new Error(`${file}: not a range: ${text.slice(0, 120)}`);
    const [begin, end] = [toStart(first), toStart(last)];
    // Ranges finer than what is kept, and overlaps: the first one stays.
    if (next !== null && begin < next) continue;
    if (next !== null && begin > next) add(next, noNetwork);
    add(begin, holders.indexOf(number, (quoted ?? plain ?? '').replaceAll('""', '"')));
    next = end + (typeof end === 'bigint' ? 1n : 1);
  }
  add(next, noNetwork);
  return { begins, owners };
}

function words(numbers) {
  return Buffer.from(Uint32Array.from(numbers).buffer);
}

function pack() {
  const holders = new Holders();
  const v4 = stretches('asn-ipv4-num.csv', holders, Number);
  // A /64 is the smallest piece that is given to one holder.
  const v6 = stretches('asn-ipv6-num.csv', holders, (text) => BigInt(text) >> 64n);
  // The last stretch may begin behind the last address.
  const low = v4.begins.map((begin) => Math.min(begin, 0xffffffff));
  const names = holders.names.map((name) => Buffer.from(name, 'utf8'));
  const ends = [];
  names.reduce((sum, { length }) => ends[ends.push(sum + length) - 1], 0);
  return Buffer.concat([
    Buffer.from('HSNET001', 'latin1'),
    words([low.length, v6.begins.length, names.length, ends.at(-1)]),
    words(low),
    words(v4.owners),
    words(v6.begins.map((begin) => Number(begin >> 32n))),
    words(v6.begins.map((begin) => Number(begin & 0xffffffffn))),
    words(v6.owners),
    words(holders.numbers),
    words(ends),
    ...names,
  ]);
}

/**
 * `{bytes, about}` of the network database, or null where its package is not installed. Packing takes seconds: it is done once
 * for each version of the package.
 */
export function networkData(cache) {
  if (!existsSync(join(folder, 'package.json'))) return null;
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const [, year, month, day] = /\.(\d{4})(\d\d)(\d\d)\d*$/.exec(version) ?? [];
  if (year === undefined) throw new Error(`@ip-location-db/asn ${version}: the version names no date`);
  const about = {
    file: 'networks.bin',
    source: 'RouteViews, NRO and DB-IP by way of ip-location-db',
    version,
    license: 'CC-BY-4.0',
    builtAt: `${year}-${month}-${day}`,
  };
  const packed = join(cache, `networks-${version}.raw`);
  if (!existsSync(packed)) {
    mkdirSync(cache, { recursive: true });
    // As it is: unpacking would cost every analysis 60 ms and twice the memory, and saves 6 MB of a program of 300.
    writeFileSync(packed, pack());
  }
  return { bytes: readFileSync(packed), about };
}
