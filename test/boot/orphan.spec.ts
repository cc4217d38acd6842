import { afterEach, describe, expect, it } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { endLaunched, launch } from '../support/processes.js';

const cwd = fileURLToPath(new URL('../../', import.meta.url));

/** A program that begins its lifecycle once the shell that started it is gone, as npm may be. */
const PROGRAM = `
  import { ProcessLifecycle } from './tools/start/process-lifecycle.mjs';
  while (process.ppid === Number(process.env.SHELL_PID)) await new Promise((resolve) => setTimeout(resolve, 5));
  await new ProcessLifecycle().run((lifecycle) => {
    lifecycle.onStop(() => console.log('stopped'));
    console.log('started');
    setInterval(() => undefined, 1_000);
  });`;

describe('a process of npm start', () => {
  afterEach(endLaunched);

  it('stops by itself when npm died before it began', async () => {
    const script = `SHELL_PID=$$ node --input-type=module -e "$PROGRAM" &`;
    const running = launch('sh', ['-c', script], { cwd, env: { PROGRAM, npm_lifecycle_event: 'start' } });
    await running.until(/started/);
    await running.until(/stopped/);
    // The streams of the process close when it has exited.
    await expect(running.exited).resolves.toEqual({ code: 0, signal: null });
  });
});
