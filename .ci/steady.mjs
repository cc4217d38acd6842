// What the test runs of .ci/run amount to (types and descriptions: steady.d.mts). It has no side effects, so that
// test/ci/steady.spec.ts can try it with made-up results.

/** Three unsteady files in one run are more than a coincidence, so they fail it. */
export const UNSTEADY_LIMIT = 3;

/** Running more files again would take long, and so many failures fail the run in any case. */
export const RERUN_LIMIT = 10;

export function failedFiles({ result }) {
  return (result?.testResults ?? []).filter((it) => it.status === 'failed').map((it) => it.name);
}

export function conclude(runs) {
  /** @type {import('./steady.d.mts').Conclusion} */
  const total = { passed: 0, failed: 0, unsteady: [], lines: [] };
  for (const run of runs) {
    const { passed, failed, unsteady, lines } = concludeRun(run);
    if (run.counts) total.passed += passed;
    total.failed += failed;
    // The same file in two runs is one fault.
    total.unsteady = [...new Set([...total.unsteady, ...unsteady])];
    total.lines.push(...lines.map((it) => `${run.title}: ${it}`));
  }
  for (const file of total.unsteady) total.lines.push(`unsteady: ${file}`);
  if (total.unsteady.length >= UNSTEADY_LIMIT) {
    total.failed += total.unsteady.length;
    total.lines.push(`${total.unsteady.length} files are unsteady, and ${UNSTEADY_LIMIT} of them fail a run.`);
  }
  if (!total.passed) {
    total.failed ||= 1;
    total.lines.push('No test passed.');
  }
  return total;
}

function concludeRun({ exitCode, result, again }) {
  /** @type {string[]} */
  const unsteady = [];
  /** @type {string[]} */
  const lines = [];
  if (!result) {
    lines.push(`Jest ended with ${exitCode} before it wrote its results.`);
    return { passed: 0, failed: 1, unsteady, lines };
  }
  let passed = result.numPassedTests;
  let failed = skipped(result);
  if (failed) lines.push(`${failed} tests were skipped, and none may be skipped here.`);
  for (const file of result.testResults) {
    if (file.status !== 'failed') continue;
    const second = again.get(file.name);
    if (second && isClean(second, file.assertionResults.length)) {
      passed += second.result.numPassedTests - countOf(file, 'passed');
      unsteady.push(file.name);
    } else {
      // A file that could not be loaded has no failed test, and is one failure.
      failed += countOf(file, 'failed') || 1;
      lines.push(`FAILED ${file.name}`);
    }
  }
  // A global tear-down or a reporter that fails shows in Jest's exit code alone.
  if (exitCode !== 0 && !failedFiles({ result }).length) {
    failed += 1;
    lines.push(`No file failed, but Jest ended with ${exitCode}.`);
  }
  if (!passed && !failed) {
    failed = 1;
    lines.push('No test ran.');
  }
  return { passed, failed, unsteady, lines };
}

/** Says whether a second attempt passed. @param tests how many the first one had; fewer may not pass for all of them */
function isClean({ exitCode, result }, tests) {
  if (exitCode !== 0 || !result?.success || skipped(result)) return false;
  return result.numPassedTests > 0 && result.numPassedTests >= tests;
}

const skipped = (result) => result.numPendingTests + result.numTodoTests;

const countOf = (file, status) => file.assertionResults.filter((it) => it.status === status).length;
