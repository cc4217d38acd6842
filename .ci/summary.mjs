// Closes .ci/run: says what Jest counted, in the form that CI reads, and fails where anything failed or was left out.
import { readFileSync } from 'node:fs';

const [path, status] = process.argv.slice(2);
const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites, testResults } =
  JSON.parse(readFileSync(path, 'utf8'));
const skipped = numPendingTests + numTodoTests;

for (const { name, status: outcome, message } of testResults)
  if (outcome === 'failed' && message) console.log(`FAILED ${name}`);
if (skipped) console.log(`${skipped} tests were skipped, and none may be skipped here.`);
if (!numPassedTests) console.log('No test ran.');

const failed = numFailedTests + numRuntimeErrorTestSuites + skipped;
console.log(`${numPassedTests} passed, ${failed} failed`);
process.exitCode = status !== '0' || failed || !numPassedTests ? 1 : 0;
