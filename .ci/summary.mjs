// Closes .ci/run: says what Jest counted, in the form that CI reads, and fails where anything failed or was left out.
import { existsSync, readFileSync } from 'node:fs';

const [path, status] = process.argv.slice(2);
if (!existsSync(path)) {
  console.log(`Jest ended with ${status} before it wrote what it counted.\n0 passed, 1 failed`);
  process.exit(1);
}
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults } =
  JSON.parse(readFileSync(path, 'utf8'));
const skipped = numPendingTests + numTodoTests;

for (const { name, status: outcome, message } of testResults)
  if (outcome === 'failed' && message) console.log(`FAILED ${name}`);
if (skipped) console.log(`${skipped} tests were skipped, and none may be skipped here.`);
if (!numPassedTests) console.log('No test ran.');

// A tear-down that fails counts too: it shows in Jest's exit code alone.
const counted = numFailedTests + numRuntimeErrorTestSuites + skipped;
const failed = counted || Number(status !== '0');
console.log(`${numPassedTests} passed, ${failed} failed`);
process.exitCode = status !== '0' || failed || !numPassedTests ? 1 : 0;
