import { checkSettings } from '../config/checks/check-settings.js';
import { lineOf } from '../config/checks/setting-problem.js';
import { ConfigError, type Environment, readEnvironment } from '../config/env.js';
import { error, type Finding, ok, warning } from './finding.js';

type ProcessEnvironment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the settings and goes on without those that are wrong, so that one wrong setting does not hide the others.
 * @returns the settings that remain, the names of those that were left out, and what is wrong
 */
export function readSettings(source: ProcessEnvironment): {
  env: Environment;
  dropped: ReadonlySet<string>;
  findings: Finding[];
} {
  const kept: Record<string, string | undefined> = { ...source };
  const wrong: Finding[] = [];
  for (;;) {
    try {
      const env = readEnvironment(kept);
      const dropped = new Set(Object.keys(source).filter((it) => source[it] && !kept[it]));
      return { env, dropped, findings: [...wrong, ...found(env, source, dropped)] };
    } catch (reason) {
      if (!(reason instanceof ConfigError)) throw reason;
      for (const line of reason.message.split('\n')) {
        wrong.push(error(`${line.replace(/\.$/, '')}.`));
        delete kept[/^\w+/.exec(line)![0]];
      }
    }
  }
}

function found(env: Environment, source: ProcessEnvironment, dropped: ReadonlySet<string>): Finding[] {
  const findings = checkSettings(env, source)
    // A setting that was dropped is not missing.
    .filter((it) => !dropped.has(it.setting))
    .map((it) => (it.severity === 'error' ? error(lineOf(it)) : warning(lineOf(it))));
  return findings.length || dropped.size ? findings : [ok(`Nothing is missing or unsafe (NODE_ENV=${env.NODE_ENV}).`)];
}
