// Writes what Playwright ran as one JSON file, in the shape of vitest-reporter.mjs.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class CountingReporter {
  onBegin(_config, suite) {
    this.suite = suite;
    this.errors = 0;
  }

  onError() {
    this.errors += 1;
  }

  onEnd() {
    const count = { passed: 0, failed: [], skipped: [], errors: this.errors ?? 0 };
    for (const test of this.suite?.allTests() ?? []) {
      const outcome = test.outcome();
      const file = relative(process.cwd(), test.location.file);
      if (outcome === 'expected') count.passed += 1;
      else if (outcome === 'skipped') {
        const reason = test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? '';
        count.skipped.push({ file, name: test.title, reason });
      } else count.failed.push({ file, name: test.title });
    }
    writeFileSync(process.env.HANDSIGHT_PLAYWRIGHT_COUNT, JSON.stringify(count));
  }

  printsToStdio() {
    return false;
  }
}
