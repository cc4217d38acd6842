/** A limit that the operator may change: one environment variable with a whole number from 1 to 1,000,000. */
export interface LimitSetting {
  /** The environment variable, such as LIMIT_POSTS_PER_MINUTE. */
  readonly env: string;
  /** The number that holds when the variable is not set. */
  readonly max: number;
  /** What is counted, for the operator: "posts and edits of an account". */
  readonly counts: string;
}

const declared = new Map<string, LimitSetting>();

/**
 * Declares a limit that the operator may change. Call it at the top of the file that uses the limit: the environment is
 * read after all files are loaded, so its validation, .env.example, docker-compose.yml and the documentation follow.
 * @throws Error when the variable is declared twice
 */
export function limitSetting(setting: LimitSetting): LimitSetting {
  if (declared.has(setting.env)) throw new Error(`${setting.env} is declared twice.`);
  declared.set(setting.env, setting);
  return setting;
}

/** All declared limits, sorted by the name of their variable. */
export const limitSettings = (): readonly LimitSetting[] =>
  [...declared.values()].sort((a, b) => (a.env < b.env ? -1 : 1));
