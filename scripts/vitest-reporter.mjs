// Writes what vitest ran as one JSON file: {passed, failed: [{file, name}], skipped: [{file, name, reason}],
// errors}. vitest's own JSON
// report does not carry the reason of a skip.
import { writeFileSync } from 'node:fs';
import { relative } from 'node:path';

export default class CountingReporter {
  onTestRunEnd(modules, unhandledErrors) {
    const count = { passed: 0, failed: [], skipped: [], errors: unhandledErrors.length };
    for (const module of modules) {
      const file = relative(process.cwd(), module.moduleId);
      let tests = 0;
      for (const test of module.children.allTests()) {
        tests += 1;
        const result = test.result();
        if (result.state === 'passed') count.passed += 1;
        else if (result.state === 'failed') count.failed.push({ file, name: test.fullName });
        else count.skipped.push({ file, name: test.fullName, reason: result.note ?? '' });
      }
      // A file that could not be loaded, or whose hooks failed, has no failed test of its own.
      if (module.state() === 'failed' && (tests === 0 || module.errors().length > 0))
        count.failed.push({ file, name: 'the file itself' });
    }
    writeFileSync(process.env.HANDSIGHT_VITEST_COUNT, JSON.stringify(count));
  }
}
