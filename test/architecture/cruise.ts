import { cruise, type ICruiseResult, type IFlattenedRuleSet, type IForbiddenRuleType } from 'dependency-cruiser';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

export interface Cruise {
  readonly modules: readonly ICruiseResult['modules'][number][];
  /** «wall: from → to», one a violation. */
  readonly violations: readonly string[];
}

const folders = ['main', 'shared', 'renderer', 'test'];

/** Cruises the rooms below `root` against `rules`. `typeImports`: whether `import type` counts. */
export async function cruiseRooms(root: string, rules: IForbiddenRuleType[], typeImports = true): Promise<Cruise> {
  const ruleSet: IFlattenedRuleSet = { forbidden: rules };
  const { output } = await cruise(
    folders.filter((folder) => existsSync(join(root, folder))),
    {
      baseDir: root,
      ruleSet,
      validate: true,
      tsPreCompilationDeps: typeImports,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '^test/(fixtures|personas)/' },
    },
    { extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'], conditionNames: ['node', 'import', 'types', 'default'] },
  );
  if (typeof output === 'string') throw new TypeError('dependency-cruiser answered with text');
  return {
    modules: output.modules,
    violations: output.summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`),
  };
}
