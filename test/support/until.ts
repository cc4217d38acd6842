import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits for a condition, looking again after a few milliseconds, later less often, since looking costs others time.
 * @returns the condition's first truthy value
 * @throws Error naming what was waited for, after the patience
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  patience = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patience;
  for (let pause = 10; ; pause = Math.min(pause * 1.2, 50)) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${patience} ms in vain for: ${what}`);
    await wait(pause);
  }
}
