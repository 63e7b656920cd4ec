// What npm cannot bring: adb, a display, fonts, a compiler. Missing ones are named in one line to copy, and installed by
// themselves only as root on Debian or Ubuntu with nobody at a terminal, or with --yes.
// Plain JavaScript without packages (Node >= 18).
import { existsSync, readFileSync } from 'node:fs';
import { findProgram } from './places.mjs';
import { runQuietly } from './run.mjs';
import { say, SetupFailure } from './say.mjs';

const electronLibraries = [
  'libgtk-3-0',
  'libnss3',
  'libasound2',
  'libgbm1',
  'libxss1',
  'libatk-bridge2.0-0',
  'libdrm2',
  'libxkbcommon0',
];

async function missingLibraries(executable) {
  if (process.platform !== 'linux' || !executable) return false;
  const { code, output } = await runQuietly('ldd', [executable], { timeoutMs: 20_000 });
  return code === 0 && /not found/.test(output);
}

async function hasCjkFont() {
  if (!findProgram('fc-list')) return false;
  const { output } = await runQuietly('fc-list', [':lang=zh-tw', 'family'], { timeoutMs: 20_000 });
  return output.trim() !== '';
}

const program = (name) => async () => findProgram(name) === null;

/** Each need: what it is for, the packages that meet it, and how to see that it is not met. */
const needs = {
  adb: { what: 'adb (reaches handsets)', packages: ['adb'], missing: program('adb') },
  xvfb: { what: 'Xvfb (a display nobody looks at)', packages: ['xvfb', 'xauth'], missing: program('Xvfb') },
  'electron-libraries': {
    what: 'libraries of the window',
    packages: electronLibraries,
    missing: ({ electron }) => missingLibraries(electron?.executable),
  },
  'cjk-fonts': {
    what: 'a font for Chinese',
    packages: ['fontconfig', 'fonts-noto-cjk'],
    missing: async () => process.platform === 'linux' && !(await hasCjkFont()),
  },
  compiler: {
    what: 'a compiler (python3, make, g++)',
    packages: ['python3', 'make', 'g++'],
    missing: async () => ['python3', 'make', 'g++'].some((name) => findProgram(name) === null),
  },
  tshark: { what: 'tshark (a second opinion in the tests)', packages: ['tshark'], missing: program('tshark') },
  tcpdump: { what: 'tcpdump (behind the simulated handset)', packages: ['tcpdump'], missing: program('tcpdump') },
  'pdf-tools': { what: 'pdftotext and pdffonts', packages: ['poppler-utils'], missing: program('pdftotext') },
};

function isDebianLike() {
  try {
    return /^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(readFileSync('/etc/os-release', 'utf8'));
  } catch {
    return false;
  }
}

function isRoot() {
  return process.getuid?.() === 0;
}

function mayInstall() {
  if (!isDebianLike() || !isRoot() || !existsSync('/usr/bin/apt-get')) return false;
  const nobodyThere = !process.stdin.isTTY;
  return nobodyThere || process.argv.includes('--yes') || process.env.HANDSIGHT_YES === '1';
}

/** Debian 13 and Ubuntu 24.04 renamed some libraries (libgtk-3-0t64); the name that exists here is taken. */
async function namesHere(packages) {
  const names = [];
  for (const name of packages) {
    const { output } = await runQuietly('apt-cache', ['policy', name, `${name}t64`], { timeoutMs: 60_000 });
    const candidate = (wanted) =>
      new RegExp(`^${wanted.replace(/[.+]/g, '\\$&')}:\\n.*\\n\\s+\\S+ (?!\\(none\\))\\S`, 'm').test(output);
    names.push(candidate(`${name}t64`) ? `${name}t64` : name);
  }
  return names;
}

/** Without a network, apt is to say so within a minute. */
const patience = ['-o', 'Acquire::http::Timeout=20', '-o', 'Acquire::https::Timeout=20', '-o', 'Acquire::Retries=1'];

async function apt(packages) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C.UTF-8' };
  await runQuietly('apt-get', [...patience, 'update', '-q'], { env, timeoutMs: 300_000 });
  const names = await namesHere(packages);
  say(`installing system packages: ${names.join(' ')}`);
  return runQuietly('apt-get', [...patience, 'install', '-y', '-q', '--no-install-recommends', ...names], {
    env,
    timeoutMs: 1_200_000,
  });
}

function lineToCopy(packages) {
  if (process.platform === 'darwin')
    return `brew install ${packages.map((name) => (name === 'adb' ? 'android-platform-tools' : name)).join(' ')}`;
  if (process.platform === 'win32') return `winget install Google.PlatformTools`;
  return `${isRoot() ? '' : 'sudo '}apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

/**
 * Looks for the named needs and installs or names what is missing. With `optional` a need that stays open is only said;
 * otherwise it is a failure. Answers with the names of the needs still open.
 */
export async function askForPackages(names, { optional = false, electron = null } = {}) {
  const open = await stillMissing(names, { electron });
  if (open.length === 0) return [];
  const packages = open.flatMap((name) => needs[name].packages);
  let output = '';
  if (mayInstall()) {
    output = (await apt(packages)).output;
    const left = await stillMissing(open, { electron });
    if (left.length === 0) return [];
    open.splice(0, open.length, ...left);
  }
  const what = open.map((name) => needs[name].what).join(', ');
  const why = /No space left/.test(output) ? ' (the disk is full)' : '';
  const sentence = `Missing on this system${why}: ${what}. Install it: ${lineToCopy(open.flatMap((name) => needs[name].packages))}`;
  if (!optional) throw new SetupFailure(sentence);
  say(sentence);
  return open;
}

async function stillMissing(names, context) {
  const open = [];
  for (const name of names) if (await needs[name].missing(context)) open.push(name);
  return open;
}
