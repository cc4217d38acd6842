import { afterEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { endLaunched, launch } from '../support/processes.js';

const cwd = fileURLToPath(new URL('../../', import.meta.url));

/** A program of two parts, of which the one that is stopped first hangs. */
const PROGRAM = `
  import { ProcessLifecycle } from './tools/start/process-lifecycle.mjs';
  await new ProcessLifecycle().run(async (lifecycle) => {
    lifecycle.onStop(async () => console.log('the database has stopped'));
    if (process.env.DRAINS) lifecycle.onStop(() => new Promise((done) => setTimeout(done, 6_000)), 5_000);
    else lifecycle.onStop(() => new Promise(() => undefined));
    setInterval(() => undefined, 1_000);
    console.log('started');
  });`;

describe('upgrade: stopping npm start', () => {
  afterEach(endLaunched);

  it('stops the database when another part hangs, at the first Ctrl-C and at the second', async () => {
    const run = (env: Record<string, string> = {}) =>
      launch(process.execPath, ['--input-type=module', '-e', PROGRAM], { cwd, env });
    const [patient, hurried, draining] = [run(), run(), run({ DRAINS: 'yes' })];
    for (const it of [patient, hurried, draining]) {
      await it.until(/started/);
      it.signal('SIGINT');
      await it.until(/Press Ctrl-C again/);
    }
    // A signal that comes sooner counts as npm's copy of the first.
    await new Promise((resolve) => setTimeout(resolve, 700));
    hurried.signal('SIGINT');
    expect(await hurried.exited).toEqual({ code: 130, signal: null });
    expect(hurried.output()).toContain('the database has stopped');
    expect(await patient.exited).toEqual({ code: 1, signal: null });
    expect(patient.output()).toMatch(/A part did not stop in time[^]*the database has stopped/);
    // The time for which a part drains is not a hang.
    expect(await draining.exited).toEqual({ code: 0, signal: null });
    expect(draining.output()).not.toContain('did not stop');
  });
});
