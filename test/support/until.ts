import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits for a condition, looking again every few milliseconds.
 * @returns the condition's first truthy value
 * @throws Error naming what was waited for, after the patience
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  patience = 10_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patience;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > deadline) throw new Error(`Waited ${patience} ms in vain for: ${what}`);
    await wait(10);
  }
}
