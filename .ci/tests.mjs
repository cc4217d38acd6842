// The test runs of .ci/run: `npm test`, `npm run test:system`, and `npm test` on the Node of the image. At the end each
// spec file that failed runs once more by itself: a file that passes only then is written to test-results/unsteady.txt
// as a fault to be mended next. The closing line goes to test-results/closing-line, which .ci/run prints last.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, relative } from 'node:path';
import { imageNodeVersion, installNode } from '../tools/image-node.mjs';
import { conclude, failedFiles, RERUN_LIMIT } from './steady.mjs';

const FOLDER = 'test-results';
mkdirSync(FOLDER, { recursive: true });

const begun = Date.now();
const step = (title) => console.log(`\n== ${title} (${Math.round((Date.now() - begun) / 1000)}s after the first test)`);

/** @returns {import('./steady.mjs').Attempt} */
function runJest({ script, path }, name, ...options) {
  const output = join(FOLDER, `${name}.json`);
  rmSync(output, { force: true });
  const { status } = spawnSync('npm', ['run', script, '--', '--json', `--outputFile=${output}`, ...options], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, PATH: path },
  });
  if (!existsSync(output)) return { exitCode: status };
  const result = JSON.parse(readFileSync(output, 'utf8'));
  for (const file of result.testResults) file.name = relative('.', file.name);
  return { exitCode: status, result };
}

/** @returns PATH with the Node of the image in front, or undefined where npm's registry does not give it */
async function pathOfImageNode(version, folder) {
  try {
    return [await installNode(version, folder), process.env.PATH].join(delimiter);
  } catch (error) {
    console.error(error);
    return undefined;
  }
}

const nodeFolder = mkdtempSync(join(tmpdir(), 'rostra-node-'));
try {
  const imageNode = await imageNodeVersion();
  const runs = [];
  const tiers = [
    { name: 'test', script: 'test', node: process.versions.node, path: process.env.PATH, counts: true },
    { name: 'system', script: 'test:system', node: process.versions.node, path: process.env.PATH, counts: true },
    // The same tests as the first, so that only their failures count.
    {
      name: 'test-image-node',
      script: 'test',
      node: imageNode,
      path: await pathOfImageNode(imageNode, nodeFolder),
      counts: false,
    },
  ];
  for (const tier of tiers) {
    const title = `${tier.script} on Node ${tier.node}`;
    step(title);
    const attempt = tier.path ? runJest(tier, tier.name) : { exitCode: null };
    runs.push({ ...tier, ...attempt, title, again: new Map() });
  }
  for (const run of runs) {
    const failed = failedFiles(run);
    if (failed.length > RERUN_LIMIT) continue;
    for (const [index, file] of failed.entries()) {
      step(`once more: ${file}, ${run.title}`);
      run.again.set(file, runJest(run, `${run.name}-again-${index + 1}`, '--runTestsByPath', file));
    }
  }

  const { passed, failed, unsteady, lines } = conclude(runs);
  step('done');
  for (const line of lines) console.log(line);
  writeFileSync(join(FOLDER, 'unsteady.txt'), unsteady.map((it) => `${it}\n`).join(''));
  writeFileSync(join(FOLDER, 'closing-line'), `${passed} passed, ${failed} failed\n`);
  process.exitCode = failed ? 1 : 0;
} finally {
  rmSync(nodeFolder, { recursive: true, force: true });
}
