// Starts an application folder in an Electron distribution that carries no default application of its own.
// An ES module on purpose: from CommonJS, `ready` fires before an ES-module main is loaded.
import { readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const require = createRequire(import.meta.url);

/** The first argument that is no switch is the application; `-r FILE` is loaded before it, as Electron's own launcher does. */
function readArguments(args) {
  const preloads = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at];
    if (arg === '-r' || arg === '--require') {
      at += 1;
      preloads.push(resolve(args[at]));
    } else if (!arg.startsWith('-')) {
      return { preloads, target: resolve(arg), targetAt: at };
    }
  }
  return { preloads, target: null, targetAt: args.length };
}

const { preloads, target, targetAt } = readArguments(process.argv.slice(1));
if (target === null) {
  process.stderr.write('This development runtime needs the folder of an application as its argument.\n');
  app.exit(1);
} else {
  for (const file of preloads) require(file);
  let entry = target;
  if (statSync(target).isDirectory()) {
    const about = JSON.parse(readFileSync(join(target, 'package.json'), 'utf8'));
    app.setAppPath(target);
    app.setName(about.productName ?? about.name);
    app.setVersion(about.version);
    entry = join(target, about.main);
  }
  // As under Electron's own launcher: argv[1] is the application, what follows is its own.
  process.argv.splice(1, targetAt + 1, target);
  await import(pathToFileURL(entry).href);
}
