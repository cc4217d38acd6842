/** One line of a Dockerfile, with its continuations joined. */
export interface Step {
  readonly word: string;
  readonly rest: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly steps: Step[];
}

/**
 * Reads the part of the Dockerfile language that ours uses.
 * @throws Error for an instruction that the test cannot execute
 */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const line of text.replaceAll('\\\n', ' ').split('\n')) {
    const [, word, rest] = /^([A-Z]+)\s+(.*\S)\s*$/.exec(line.trim()) ?? [];
    if (!word || !rest) {
      if (line.trim() && !line.trim().startsWith('#')) throw new Error(`What is this line of the Dockerfile: ${line}`);
      continue;
    }
    if (word === 'FROM') {
      const [image = '', , name] = rest.split(/\s+/);
      stages.push({ image, name, steps: [] });
    } else stages.at(-1)?.steps.push({ word, rest });
  }
  return stages;
}
