import type { IForbiddenRuleType } from 'dependency-cruiser';

/** A package or Electron itself, whether dependency-cruiser could resolve it into node_modules or not. */
const packageNamed = (name: string): string => `^(node_modules/)?${name}($|/)`;

/**
 * The rooms of main in the order in which things pass through them. A room may use what lies before it, never what comes
 * after. `shell` and the two entries come last; `preload` stands alone.
 */
export const roomsInOrder: readonly (readonly string[])[] = [
  ['handset'],
  ['acquisition', 'capture'],
  ['evidence'],
  ['parsing', 'dissection'],
  ['analysis'],
  ['comparison'],
  ['report'],
  ['workflow'],
  ['ipc'],
  ['shell', 'cli'],
];

export const pureRooms: readonly string[] = ['parsing', 'dissection', 'analysis', 'comparison'];

const folderOf = (rooms: readonly string[]): string => `^main/(${rooms.join('|')})/`;

/** What a pure room may use besides itself and its upstream: named one by one. */
const pureMayUse: Readonly<Record<string, readonly string[]>> = {
  parsing: [],
  dissection: [],
  // Both work on values and buffers handed to them: no file, no clock, no network.
  analysis: [packageNamed('libphonenumber-js'), packageNamed('mmdb-lib')],
  comparison: [],
};

function downstreamRules(): IForbiddenRuleType[] {
  return roomsInOrder.slice(0, -1).map((rooms, at) => ({
    name: `downstream-of-${rooms.join('-')}`,
    comment: 'nobody downstream is imported upstream',
    severity: 'error',
    from: { path: folderOf(rooms) },
    to: { path: [folderOf(roomsInOrder.slice(at + 1).flat()), '^main/[^/]+$'] },
  }));
}

function purityRules(): IForbiddenRuleType[] {
  return pureRooms.map((room) => ({
    name: `pure-${room}`,
    comment: 'bytes and records in, records out: no file system, no clock, no database, no Electron',
    severity: 'error',
    from: { path: `^main/${room}/` },
    to: {
      pathNot: [folderOf(pureRooms), '^shared/', '^(node:)?(zlib|crypto)$', ...(pureMayUse[room] ?? [])],
    },
  }));
}

/** Every wall of the house as a forbidden dependency; type imports count like all others. */
export const walls: IForbiddenRuleType[] = [
  {
    name: 'shared-imports-nobody',
    severity: 'error',
    from: { path: '^shared/', pathNot: '^shared/contract/' },
    to: { pathNot: '^shared/' },
  },
  {
    name: 'contract-imports-zod-only',
    severity: 'error',
    from: { path: '^shared/contract/' },
    to: { pathNot: ['^shared/', packageNamed('zod')] },
  },
  {
    name: 'renderer-imports-shared-only',
    severity: 'error',
    from: { path: '^renderer/' },
    to: { path: '^(main|test|scripts)/' },
  },
  {
    name: 'renderer-without-node',
    severity: 'error',
    from: { path: '^renderer/' },
    to: { dependencyTypes: ['core'] },
  },
  {
    name: 'main-never-imports-renderer-or-test',
    severity: 'error',
    from: { path: '^main/' },
    to: { path: '^(renderer|test|scripts)/' },
  },
  {
    name: 'electron-in-the-shell-only',
    severity: 'error',
    from: { path: '^(main|renderer|shared)/', pathNot: ['^main/(shell|preload)/', '^main/index\\.ts$'] },
    to: { path: packageNamed('electron') },
  },
  {
    name: 'preload-alone',
    comment: 'the bridge runs in the sandbox: it gets the contract and Electron, nothing of main',
    severity: 'error',
    from: { path: '^main/preload/' },
    to: { pathNot: ['^main/preload/', '^shared/', packageNamed('electron')] },
  },
  {
    name: 'adb-ts-in-the-handset-room-only',
    severity: 'error',
    from: { path: '^(main|renderer|shared)/', pathNot: '^main/handset/' },
    to: { path: packageNamed('adb-ts') },
  },
  {
    name: 'sqlite-in-the-evidence-room-only',
    severity: 'error',
    from: { path: '^(main|renderer|shared)/', pathNot: '^main/evidence/' },
    to: { path: packageNamed('(@types/)?better-sqlite3') },
  },
  {
    name: 'recharts-in-charts-only',
    severity: 'error',
    from: { path: '^(main|renderer|shared)/', pathNot: '^renderer/charts/' },
    to: { path: packageNamed('recharts') },
  },
  {
    name: 'simulator-knows-nothing-of-main',
    comment: 'the demonstration reaches the product through adb only',
    severity: 'error',
    from: { path: '^test/(handset-simulator|demo-world|traffic-generator)/' },
    to: { path: '^(main|renderer)/' },
  },
  ...downstreamRules(),
  ...purityRules(),
];

/**
 * Walls about what is loaded when the program runs, through any number of files: checked without type imports, which are
 * gone by then. Nothing loads itself; evidence writing, dissection and SQLite stay off Electron's main thread.
 */
export const loadingWalls: IForbiddenRuleType[] = [
  { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  {
    name: 'heavy-work-off-the-main-thread',
    severity: 'error',
    from: { path: '^main/(index\\.ts$|shell/)' },
    to: { path: [packageNamed('better-sqlite3'), '^main/(dissection|analysis|parsing)/'], reachable: true },
  },
];
