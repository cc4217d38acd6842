import { describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { httpStatus } from '../../src/errors/domain-error.js';
import { generatedFiles } from '../../tools/generated-text.js';
import { retiredNameIn } from '../../tools/lint/retired-names.mjs';
import { codes } from './contract-doc.js';

const root = fileURLToPath(new URL('../../', import.meta.url)).replace(/[/\\]$/, '');
const SELF = relative(root, fileURLToPath(import.meta.url));
const NOT_OURS = ['node_modules', 'dist', '.data', '.git', 'test-results'];

/** Returns the files that git knows, or all files in a copy without git. */
function files(): string[] {
  try {
    return execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', stdio: 'pipe' })
      .split('\0')
      .filter((it) => it && statSync(join(root, it), { throwIfNoEntry: false })?.isFile());
  } catch {
    const top = readdirSync(root).filter((it) => !NOT_OURS.includes(it));
    return top.flatMap((name) =>
      statSync(join(root, name)).isFile()
        ? [name]
        : readdirSync(join(root, name), { recursive: true, encoding: 'utf8' })
            .map((it) => join(name, it))
            .filter((it) => statSync(join(root, it)).isFile()),
    );
  }
}

const texts = files()
  .filter((it) => it !== SELF)
  .map((file) => ({ file, bytes: readFileSync(join(root, file)) }))
  .filter(({ bytes }) => !bytes.includes(0))
  .map(({ file, bytes }) => ({ file, text: bytes.toString('utf8') }));

const hits = (pattern: RegExp, where: (file: string) => boolean = () => true): string[] =>
  texts
    .filter(({ file }) => where(file))
    .flatMap(({ file, text }) => [...text.matchAll(pattern)].map((it) => `${file}: ${it[0]}`));

describe('contract: the repository', () => {
  it('is read completely by this spec', () => {
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.map((it) => it.file)).toEqual(expect.arrayContaining(['package.json', 'docs/contract.md', '.ci/run']));
  });

  it('holds generated text as `npm run generate` writes it', async () => {
    for (const { file, actual, expected } of await generatedFiles(new URL('../../', import.meta.url)))
      expect({ file, command: 'npm run generate', text: actual }).toEqual({
        file,
        command: 'npm run generate',
        text: expected,
      });
  });

  it('reads nothing outside itself', () => {
    // The linter's rules and the examples of CONTRIBUTING.md contain imports as the files of src write them.
    const outside = texts
      .filter((it) => !['oxlint.config.mjs', 'tools/lint/import-rules.mjs', 'CONTRIBUTING.md'].includes(it.file))
      .flatMap(({ file, text }) =>
        [...text.matchAll(/(?<![\w.$])(?:\.\.\/)+[\w@.-]+[\w@./-]*/g)]
          .map((it) => ({ file, way: it[0], place: relative(root, resolve(root, dirname(file), it[0])) }))
          .filter(({ place }) => place.startsWith('..') || place.split(sep)[0] === 'shared'),
      );
    expect(outside).toEqual([]);
    expect(hits(/\bshared\/(design|reference)\b/g)).toEqual([]);
  });

  it('has no file under a retired name', () => {
    const named = files().filter((it) => retiredNameIn(it.replaceAll('\\', '/')));
    expect(named).toEqual([]);
  });

  it('names no registry and no path of the machine on which it was written', () => {
    expect(
      hits(/\b(registry\.[\w-]+\.(org|com|net|io|dev)|npmjs\.(org|com)|npmmirror|verdaccio|artifactory)\b/g),
    ).toEqual([]);
    expect(hits(/"resolved": "(?!file:)[^"]+"/g, (it) => it === 'package-lock.json')).toEqual([]);
    expect(hits(/(?<![\w./-])\/(work|root|Users)\/[\w.-]+|(?<![\w./-])\/home\/(?!node\b)[\w.-]+/g)).toEqual([]);
  });

  it('has no stub and no TODO', () => {
    expect(hits(/\b(NotImplementedException|NOT_IMPLEMENTED|501)\b/g, (it) => it.startsWith('src/'))).toEqual([]);
    expect(hits(/\b(TODO|FIXME|XXX|HACK)\b/g, (it) => /^(src|web|migrations|tools|stand-ins)\//.test(it))).toEqual([]);
  });

  it('serves no route that the OpenAPI document leaves out', () => {
    expect(hits(/\bApiExclude\w+/g, (it) => it.startsWith('src/'))).toEqual([]);
    const direct = hits(/\bserver\.(get|post|put|patch|delete|options|all|route)\(/g, (it) => it.startsWith('src/'));
    // Only metrics, preflights, the pages and the service worker have routes of their own.
    const get = (name: string) => `src/http/${name}.ts: server.get(`;
    expect(direct.sort()).toEqual([
      get('metrics-endpoint'),
      'src/http/origin.ts: server.options(',
      ...['pages', 'pages', 'service-worker'].map(get),
    ]);
  });

  it('lists exactly the error codes of the source, with their statuses', () => {
    const source = texts.filter(({ file }) => file.startsWith('src/')).map((it) => it.text);
    const found = new Map<string, Set<string>>();
    const note = (code: string, status: string | number): void =>
      void found.set(code, (found.get(code) ?? new Set()).add(String(status)));
    for (const text of source) {
      for (const [, code, kind] of text.matchAll(/new DomainError\(\s*'([\w.]+)',\s*'(\w+)'/g))
        note(code!, httpStatus[kind as keyof typeof httpStatus]);
      for (const [, what] of text.matchAll(/\bnotFound\('([\w-]+)'\)/g)) note(`${what}.not_found`, 404);
      for (const [, status, code] of text.matchAll(/sendProblem\(reply, (\d+), '([\w.]+)'/g)) note(code!, status!);
      for (const [, status, code] of text.matchAll(/^ {2}(4\d\d): \{\s+code: '([\w.]+)'/gm)) note(code!, status!);
      for (const [, code] of text.matchAll(/(?:\brefuse\(|\bcode: )'(comment\.\w+)'/g)) note(code!, 422);
    }
    note('request.refused', '4xx');
    // An acknowledgement has the code of a problem or one of its own.
    for (const text of source)
      for (const [, code] of text.matchAll(/ok: false, code: '([\w.]+)'/g))
        if (!found.has(code!)) note(code!, 'socket');
    const listed = codes().map((it) => `${it.code} ${it.status}`);
    expect(listed.sort()).toEqual([...found].flatMap(([code, all]) => [...all].map((it) => `${code} ${it}`)).sort());
    // no other form of raising an error may be overlooked
    const raised = source.flatMap((text) => [...text.matchAll(/new DomainError\(\s*([^,]+),/g)].map((it) => it[1]!));
    expect(raised.filter((it) => !it.startsWith("'") && !it.includes('.not_found`'))).toEqual(['code']);
  });
});
