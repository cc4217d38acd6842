import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Attempt, conclude, failedFiles, type JestResult, type TestRun } from '../../.ci/steady.mjs';

// The counting of .ci/run is tested with made-up results of Jest.

const file = (name: string, passed: number, failed = 0): JestResult['testResults'][number] => ({
  name,
  status: failed ? 'failed' : 'passed',
  assertionResults: [
    ...Array.from({ length: passed }, () => ({ status: 'passed' })),
    ...Array.from({ length: failed }, () => ({ status: 'failed' })),
  ],
});
const UNLOADABLE = { name: 'broken.spec.ts', status: 'failed', assertionResults: [] };

function attempt(...files: JestResult['testResults']): Attempt & { result: JestResult } {
  const success = files.every((it) => it.status === 'passed');
  const numPassedTests = files.flatMap((it) => it.assertionResults).filter((it) => it.status === 'passed').length;
  return {
    exitCode: success ? 0 : 1,
    result: { success, numPassedTests, numPendingTests: 0, numTodoTests: 0, testResults: files },
  };
}

const run = (first: Attempt, again: Record<string, Attempt> = {}): TestRun => ({
  title: 'test',
  counts: true,
  ...first,
  again: new Map(Object.entries(again)),
});

describe('the conclusion of a CI run', () => {
  it('counts the tests of all runs when every file passes', () => {
    const runs = [run(attempt(file('a', 3), file('b', 4))), run(attempt(file('c', 5)))];
    expect(conclude(runs)).toEqual({ passed: 12, failed: 0, unsteady: [], lines: [] });
  });

  it('counts only the failures of a run whose tests are counted in another', () => {
    const other = { ...run(attempt(file('a', 2, 1)), { a: attempt(file('a', 2, 1)) }), counts: false };
    expect(conclude([run(attempt(file('a', 3))), other])).toMatchObject({ passed: 3, failed: 1 });
  });

  it('names a file unsteady when it passes the second time', () => {
    const first = attempt(file('a', 3), file('b', 1, 2));
    expect(failedFiles(first)).toEqual(['b']);
    expect(conclude([run(first, { b: attempt(file('b', 3)) })])).toEqual({
      passed: 6,
      failed: 0,
      unsteady: ['b'],
      lines: ['unsteady: b'],
    });
  });

  it('fails when a file fails both times, and when it was not run again', () => {
    const first = attempt(file('a', 3), file('b', 1, 2));
    for (const again of [{ b: attempt(file('b', 2, 1)) }, {}])
      expect(conclude([run(first, again)])).toEqual({
        passed: 4,
        failed: 2,
        unsteady: [],
        lines: ['test: FAILED b'],
      });
  });

  it('does not take a second attempt for passed when it ran no test, skipped one, or Jest failed', () => {
    const first = attempt(file('a', 3), file('b', 0, 1));
    const empty = attempt();
    const skipping = attempt(file('b', 1));
    skipping.result.numPendingTests = 1;
    const failing = { ...attempt(file('b', 1)), exitCode: 1 };
    for (const second of [empty, skipping, failing, { exitCode: 137 }])
      expect(conclude([run(first, { b: second })])).toMatchObject({ failed: 1, unsteady: [] });
  });

  it('does not take a second attempt for passed when it ran fewer tests than the first', () => {
    const first = attempt(file('a', 3, 1));
    expect(conclude([run(first, { a: attempt(file('a', 1)) })])).toMatchObject({ failed: 1, unsteady: [] });
  });

  it('fails when three files are unsteady at once, and not when two are', () => {
    const runOf = (...names: string[]) =>
      run(
        attempt(file('steady', 1), ...names.map((it) => file(it, 0, 1))),
        Object.fromEntries(names.map((it) => [it, attempt(file(it, 1))])),
      );
    expect(conclude([runOf('a', 'b')])).toMatchObject({ failed: 0, unsteady: ['a', 'b'] });
    expect(conclude([runOf('a', 'b'), runOf('b')])).toMatchObject({ failed: 0, unsteady: ['a', 'b'] });
    expect(conclude([runOf('a', 'b'), runOf('c')])).toMatchObject({ passed: 5, failed: 3, unsteady: ['a', 'b', 'c'] });
  });

  it('counts a file that cannot be loaded as one failure', () => {
    const first = attempt(file('a', 3), UNLOADABLE);
    expect(conclude([run(first, { [UNLOADABLE.name]: attempt(UNLOADABLE) })])).toMatchObject({ passed: 3, failed: 1 });
  });

  it('counts skipped tests as failed', () => {
    const first = attempt(file('a', 3));
    Object.assign(first.result, { numPendingTests: 1, numTodoTests: 1 });
    expect(conclude([run(first)])).toMatchObject({ passed: 3, failed: 2 });
  });

  it('fails when Jest ends with an error though every test passed', () => {
    expect(conclude([run({ ...attempt(file('a', 3)), exitCode: 1 })])).toMatchObject({ passed: 3, failed: 1 });
  });

  it('fails when Jest reports a failure that belongs to no file', () => {
    const first = attempt(file('a', 3));
    first.result.success = false;
    expect(conclude([run({ ...first, exitCode: 1 })])).toMatchObject({ passed: 3, failed: 1 });
  });

  it('fails when one of several runs ran no test', () => {
    const empty = { ...run(attempt()), counts: false };
    expect(conclude([run(attempt(file('a', 3))), empty])).toMatchObject({ passed: 3, failed: 1 });
  });

  it('fails when a run wrote no result, and when nothing passed', () => {
    expect(conclude([run(attempt(file('a', 3))), run({ exitCode: null })])).toMatchObject({ passed: 3, failed: 1 });
    expect(conclude([run(attempt())])).toMatchObject({ passed: 0, failed: 1 });
    expect(conclude([])).toMatchObject({ passed: 0, failed: 1 });
  });
});

describe('.ci/run', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rostra-ci-'));
    await mkdir(join(folder, 'bin'));
    // A package.json in a folder above would decide how Node reads the script that replaces npm.
    await writeFile(join(folder, 'package.json'), '{ "type": "commonjs" }');
    await cp('.ci', join(folder, '.ci'), { recursive: true });
    for (const name of ['chromium', 'firefox-esr', 'useradd', 'git'])
      await writeFile(join(folder, 'bin', name), '', { mode: 0o755 });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** Runs the script with this in place of npm and of .ci/tests.mjs. */
  async function ciRun(npm: string, tests: string): Promise<{ code: number | null; lines: string[] }> {
    await writeFile(join(folder, 'bin/npm'), `#!/bin/sh\n${npm}\n`, { mode: 0o755 });
    await writeFile(join(folder, '.ci/tests.mjs'), tests);
    const { status, stdout } = spawnSync('bash', ['.ci/run'], {
      cwd: folder,
      env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    return { code: status, lines: stdout.trim().split('\n') };
  }

  it('ends with the line that the tests wrote, and with their exit code', async () => {
    const writes = (line: string) => `import { writeFileSync } from 'node:fs';
      writeFileSync('test-results/closing-line', ${JSON.stringify(`${line}\n`)});`;
    const good = await ciRun('exit 0', writes('7 passed, 0 failed'));
    expect([good.code, good.lines.at(-1)]).toEqual([0, '7 passed, 0 failed']);
    const bad = await ciRun('exit 0', `${writes('6 passed, 1 failed')} process.exitCode = 1;`);
    expect([bad.code, bad.lines.at(-1)]).toEqual([1, '6 passed, 1 failed']);
  });

  it('ends with a failure when a step fails, whatever an earlier run left behind', async () => {
    await mkdir(join(folder, 'test-results'), { recursive: true });
    await writeFile(join(folder, 'test-results/closing-line'), '7 passed, 0 failed\n');
    const { code, lines } = await ciRun('test "$1" != run || test "$2" != lint', '');
    expect([code, lines.at(-1)]).toEqual([1, '0 passed, 1 failed']);
    expect(lines.join()).toContain('== lint');
    const died = await ciRun('exit 0', `process.kill(process.pid, 'SIGKILL');`);
    expect(died.code).not.toBe(0);
    expect(died.lines.at(-1)).toBe('0 passed, 1 failed');
    expect(await readFile('.ci/run', 'utf8')).toContain('FORBID_SKIPPED_TESTS=1');
  });

  it('runs a failed file once more at the end, and writes to unsteady.txt when it passes then', async () => {
    // This script replaces npm. `shaky` fails in the first run of each script, and a spec that is run by its path
    // passes.
    const npm = `#!${process.execPath}
      const { appendFileSync, writeFileSync } = require('node:fs');
      const [verb, script, ...options] = process.argv.slice(2);
      appendFileSync('calls', [verb, script, ...options].join(' ') + '\\n');
      const path = options.includes('--runTestsByPath') ? options.at(-1) : undefined;
      const file = (name, status) => ({ name: process.cwd() + '/' + name, status, assertionResults: [{ status }] });
      const shaky = script === 'test:system' ? [] : [file('test/shaky.spec.ts', path ? 'passed' : 'failed')];
      const testResults = path ? shaky : [file('test/good.spec.ts', 'passed'), ...shaky];
      const numPassedTests = testResults.filter((it) => it.status === 'passed').length;
      const success = numPassedTests === testResults.length;
      const output = options.find((it) => it.startsWith('--outputFile='))?.split('=')[1];
      const result = { success, numPassedTests, numPendingTests: 0, numTodoTests: 0, testResults };
      if (output) writeFileSync(output, JSON.stringify(result));
      process.exitCode = success || verb === 'install' ? 0 : 1;`;
    const real = join(folder, 'driver');
    await mkdir(join(real, 'tools'), { recursive: true });
    await cp('.ci', join(real, '.ci'), { recursive: true });
    await cp('tools/image-node.mjs', join(real, 'tools/image-node.mjs'));
    await writeFile(join(real, 'Dockerfile'), 'FROM node:99.1.2-slim\n');
    await writeFile(join(folder, 'bin/npm'), npm, { mode: 0o755 });
    const { status, stdout } = spawnSync(process.execPath, ['.ci/tests.mjs'], {
      cwd: real,
      env: { PATH: `${join(folder, 'bin')}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect(stdout).toContain('unsteady: test/shaky.spec.ts\n');
    const read = (name: string) => readFile(join(real, name), 'utf8');
    expect(await read('test-results/unsteady.txt')).toBe('test/shaky.spec.ts\n');
    expect(await read('test-results/closing-line')).toBe('3 passed, 0 failed\n');
    expect(status).toBe(0);
    const calls = (await read('calls')).split('\n').filter((it) => it.startsWith('run'));
    expect(calls.map((it) => it.replace(/ --json.*?json/, ''))).toEqual([
      'run test --',
      'run test:system --',
      'run test --',
      'run test -- --runTestsByPath test/shaky.spec.ts',
      'run test -- --runTestsByPath test/shaky.spec.ts',
    ]);
  });
});
