// `npm run kernel`: compiles main/analysis/search/kernel/*.as.ts and writes what the search loads (decision 0010).
// With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './places.mjs';

const folder = join(root, 'main', 'analysis', 'search', 'kernel');
const kernelModule = join(folder, 'code.ts');

/** The text of kernel/code.ts, made from the sources beside it. */
async function compileKernel() {
  let code = null;
  const options = [
    '-O3',
    '--runtime',
    'stub',
    '--enable',
    'simd',
    '--enable',
    'relaxed-simd',
    '--importMemory',
    '--noAssert',
    '--baseDir',
    folder,
  ];
  const { error } = await asc.main(['scan.as.ts', '-o', 'kernel.wasm', ...options], {
    writeFile: (_name, content) => {
      code = content;
    },
  });
  if (error !== null || code === null) throw new Error(`the search kernel does not compile`, { cause: error });
  const text = Buffer.from(code).toString('base64');
  return `// Made from the *.as.ts files here by \`npm run kernel\`; a test compares.\nexport const kernelCode =\n  '${text}';\n`;
}

const made = await compileKernel();
if (!process.argv.includes('--check')) writeFileSync(kernelModule, made);
else if (readFileSync(kernelModule, 'utf8') !== made) {
  process.stderr.write('kernel/code.ts is not what its sources give: npm run kernel\n');
  process.exitCode = 1;
}
