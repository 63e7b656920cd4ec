// `npm run kernel`: compiles the *.as.ts files of each kernel and writes what the program loads (decisions 0010, 0016).
// With --check it only compares.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import asc from 'assemblyscript/asc';
import { root } from './places.mjs';

const kernels = [
  {
    folder: 'main/analysis/search/kernel',
    source: 'scan.as.ts',
    // Whoever loads it lays out its memory.
    options: ['--enable', 'relaxed-simd', '--importMemory', '--memoryBase', '16'],
  },
  { folder: 'main/dissection/inflate-kernel', source: 'inflate.as.ts', options: [] },
];

/** The text of a kernel's code.ts, made from the sources beside it. */
async function compileKernel({ folder, source, options }) {
  let code = null;
  const always = ['-O3', '--runtime', 'stub', '--enable', 'simd', '--noAssert', '--baseDir', join(root, folder)];
  const { error } = await asc.main([source, '-o', 'kernel.wasm', ...always, ...options], {
    writeFile: (_name, content) => {
      code = content;
    },
  });
  if (error !== null || code === null) throw new Error(`${folder} does not compile`, { cause: error });
  const text = Buffer.from(code).toString('base64');
  return `// Made from the *.as.ts files here by \`npm run kernel\`; a test compares.\nexport const kernelCode =\n  '${text}';\n`;
}

for (const kernel of kernels) {
  const made = await compileKernel(kernel);
  const module = join(root, kernel.folder, 'code.ts');
  if (!process.argv.includes('--check')) writeFileSync(module, made);
  else if (readFileSync(module, 'utf8') !== made) {
    process.stderr.write(`${kernel.folder}/code.ts is not what its sources give: npm run kernel\n`);
    process.exitCode = 1;
  }
}
