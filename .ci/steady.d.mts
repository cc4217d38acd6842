/** What Jest writes with --json, as far as it is read here. */
export interface JestResult {
  success: boolean;
  numPassedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  testResults: { name: string; status: string; assertionResults: { status: string }[] }[];
}

/** One run of Jest. `result` is absent where it ended before it wrote one. */
export interface Attempt {
  exitCode: number | null;
  result?: JestResult;
}

/** A run of many spec files. */
export interface TestRun extends Attempt {
  title: string;
  /** False where the same tests are counted in another run: then only their failures count. */
  counts: boolean;
  /** The second attempts, by the name of the spec file. */
  again: Map<string, Attempt>;
}

export interface Conclusion {
  passed: number;
  failed: number;
  /** The spec files that passed only the second time. */
  unsteady: string[];
  /** For the reader of the log. */
  lines: string[];
}

export const UNSTEADY_LIMIT: number;
export const RERUN_LIMIT: number;
/** @returns the names of the spec files that failed */
export function failedFiles(attempt: Attempt): string[];
/**
 * Counts what passed and failed. A file that fails is judged by its second attempt: it is unsteady where it passes
 * then, and failed otherwise. A skipped test counts as failed.
 */
export function conclude(runs: TestRun[]): Conclusion;
