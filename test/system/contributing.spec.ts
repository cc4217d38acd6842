import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { workedExample } from '../support/worked-example.js';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Compiles files that exist only in memory. @returns the errors of each */
function compilerErrors(codes: Map<string, string>): string[][] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (it) => ts.sys.readFile(it)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (it) => codes.has(it) || disk.fileExists(it),
    readFile: (it) => codes.get(it) ?? disk.readFile(it),
    getSourceFile: (it, ...rest) => {
      const code = codes.get(it);
      return code === undefined ? disk.getSourceFile(it, ...rest) : ts.createSourceFile(it, code, rest[0]);
    },
  };
  const program = ts.createProgram([...codes.keys()], options, host);
  return [...codes.keys()].map((file) => {
    const source = program.getSourceFile(file);
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((it) =>
      ts.flattenDiagnosticMessageText(it.messageText, '\n'),
    );
  });
}

describe('the limit in CONTRIBUTING.md', () => {
  const { file, code } = workedExample();

  it('compiles, and does not when its period is unknown', () => {
    const wrong = code.replace("per: 'hour'", "per: 'fortnight'");
    const [errors, errorsOfWrong] = compilerErrors(
      new Map([
        [file, code],
        [`${file.slice(0, -3)}.wrong.ts`, wrong],
      ]),
    );
    expect(errors).toEqual([]);
    expect(errorsOfWrong).toHaveLength(1);
  });
});
