import type { LimitSetting } from '../config/limit-setting.js';

/** The windows in which attempts are counted, in seconds. */
export const WINDOW_SECONDS = { minute: 60, hour: 3_600, day: 86_400 } as const;

/** How often something may be done within a window. */
export interface Limit {
  /** The prefix of its counters in the table `rate_limits`. */
  readonly name: string;
  readonly setting: LimitSetting;
  readonly per: keyof typeof WINDOW_SECONDS;
  /** Multiplies the operator's number; 1 when absent. */
  readonly times?: number;
  /** The first sentence of the refusal. The time to wait follows it. */
  readonly message: string;
}

const declared = new Map<string, Limit>();

/**
 * Declares a limit. `RateLimits.consume(limit, key)` then counts against it.
 * @throws Error when the name is declared twice
 */
export function defineLimit(limit: Limit): Limit {
  if (declared.has(limit.name)) throw new Error(`The limit ${limit.name} is declared twice.`);
  declared.set(limit.name, limit);
  return limit;
}

/** All declared limits. */
export const definedLimits = (): readonly Limit[] => [...declared.values()];
