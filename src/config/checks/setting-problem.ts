import type { Environment } from '../env.js';

/** A setting that is wrong, or that is right on a laptop and wrong in production. */
export interface SettingProblem {
  readonly setting: string;
  /** An `error` ends the start; a `warning` is logged. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, without a full stop. */
  readonly problem: string;
  /** What to do about it, a whole sentence. */
  readonly cure: string;
}

/** What a check looks at: the validated settings, and the whole environment of the process. */
export interface CheckedSettings {
  readonly env: Environment;
  readonly production: boolean;
  readonly shell: Readonly<Record<string, string | undefined>>;
}

export type SettingCheck = (settings: CheckedSettings) => SettingProblem[];

type Found = [problem: string, cure: string];
export const refuse = (setting: string, ...[problem, cure]: Found): SettingProblem[] => [
  { setting, severity: 'error', problem, cure },
];
export const warn = (setting: string, ...[problem, cure]: Found): SettingProblem[] => [
  { setting, severity: 'warning', problem, cure },
];

export const lineOf = ({ setting, problem, cure }: SettingProblem): string => `${setting}: ${problem}. ${cure}`;
