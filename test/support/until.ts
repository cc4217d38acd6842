import { setTimeout as wait } from 'node:timers/promises';

/**
 * Waits for a condition. It checks every 10 ms at first and every 50 ms later, because checks take CPU from others.
 * @param patience in milliseconds
 * @returns the condition's first truthy value; an empty list, as of rows that are not there yet, does not count
 * @throws Error that names the condition, after the patience
 */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  patience = 30_000,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + patience;
  for (let pause = 10; ; pause = Math.min(pause * 1.2, 50)) {
    const value = await condition();
    if (Array.isArray(value) ? value.length : value) return value!;
    if (Date.now() > deadline) throw new Error(`Waited ${patience} ms in vain for: ${what}`);
    await wait(pause);
  }
}
