// SQLite's binding needs Node-API 10 and crashes the process on an older Node: said before anything loads it.
const [major = 0] = process.versions.node.split('.').map(Number);
if (major < 22) {
  process.stderr.write(
    `Handsight's command line needs Node 22 or later; this is ${process.version}. In a checkout, npm run -s handsight -- … brings its own.\n`,
  );
  process.exit(1);
}
// A case holds identifiers: what we make is for its owner's eyes, whatever the shell's default is.
process.umask(0o077);
const { runCli } = await import('./cli/program.ts');
process.exitCode = await runCli(process.argv.slice(2));
