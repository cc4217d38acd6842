/**
 * Checks that the helper that learns judges a comment in at most 1 ms of CPU, also the longest that is allowed, with the
 * words that it shows. It prints what training costs, too. The corpus comes from the grammar of the tests.
 */
import { readFileSync } from 'node:fs';
import { Examples } from '../src/learner/examples.js';
import { evaluate } from '../src/learner/evaluation.js';
import { Slices } from '../src/learner/slices.js';
import { train } from '../src/learner/train.js';
import { commentCorpus } from '../test/support/comment-corpus.js';

const GOAL_US = 1_000;
const ROUNDS = 15;
const LONGEST = 10_000;

const cpu = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return user + system;
};
const slices = new Slices(undefined, 0);

let examples = new Examples();
for (const size of [500, 2_000, 10_000]) {
  examples = new Examples();
  const before = process.cpuUsage();
  for (const { text, removed } of commentCorpus(1, size)) examples.add(text, removed);
  await evaluate(examples, 1, slices);
  await train(examples, size, 1, slices);
  console.log(`training and judging ${size} decisions: ${(cpu(before) / 1e6).toFixed(2)} s of CPU`);
}
const model = await train(examples, examples.size, 1, slices);
const memory = /VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
console.log(
  `most memory of the process: ${Math.round(Number(memory) / 1024)} MB; stored: ${model.store().weights.length} bytes`,
);

const corpus = commentCorpus(2, 2_000);
const long = corpus.map((it) => it.text).join(' ');
const cases: Record<string, string[]> = {
  'comments of the corpus': corpus.map((it) => it.text),
  '10,000 characters of prose': [long.slice(0, LONGEST), long.slice(LONGEST, 2 * LONGEST)],
  '10,000 different letters of another script': [
    Array.from({ length: LONGEST }, (_it, n) => String.fromCharCode(0x4e00 + ((n * 7919) % 20_000))).join(''),
  ],
  '10,000 characters in words of one accented letter': ['é '.repeat(LONGEST / 2), 'ж ü '.repeat(LONGEST / 4)],
  '5,000 signs alone': ['! ? '.repeat(LONGEST / 4)],
};
let worst = 0;
for (const [name, texts] of Object.entries(cases)) {
  const rounds: number[] = [];
  const repeats = Math.max(1, Math.ceil(200 / texts.length));
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    for (let n = 0; n < repeats; n += 1) for (const text of texts) model.judge(text);
    rounds.push(cpu(before) / (repeats * texts.length));
  }
  const median = rounds.toSorted((a, b) => a - b)[ROUNDS >> 1]!;
  worst = Math.max(worst, median);
  console.log(`${name}: ${median.toFixed(0)} us of CPU a comment (${ROUNDS} rounds)`);
}
console.log(
  `bench learner: ${worst.toFixed(0)} us at worst (goal: at most ${GOAL_US}) ${worst <= GOAL_US ? 'kept' : 'MISSED'}`,
);
if (worst > GOAL_US) process.exitCode = 1;
