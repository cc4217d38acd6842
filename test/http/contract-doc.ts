import { readFileSync } from 'node:fs';

/** The tables of docs/contract.md as data, so that tests compare the code with the page that people read. */
const text = readFileSync(new URL('../../docs/contract.md', import.meta.url), 'utf8');

export interface Route {
  method: string;
  /** The path as it is served, below /api/v1 except for the operators' routes. */
  path: string;
  who: string;
}

/** Names a route in the tables of the tests, such as `GET /me`. */
export const nameOf = (route: { method: string; path: string }): string => `${route.method} ${route.path}`;

export interface Setting {
  name: string;
  default: string;
}

/** Returns the rows of the tables with these titles below a heading and its subsections. */
function rows(heading: string): Record<string, string>[] {
  const level = heading.match(/^#+/)![0].length;
  const start = text.indexOf(`\n${heading}\n`);
  if (start < 0) throw new Error(`docs/contract.md has no heading "${heading}"`);
  const rest = text.slice(start + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${level}} `, 'm'));
  const found: Record<string, string>[] = [];
  let titles: string[] | undefined;
  for (const line of rest.slice(0, end < 0 ? undefined : end).split('\n')) {
    if (!line.startsWith('|')) titles = undefined;
    else if (!titles) titles = cells(line);
    else if (!/^\|[\s|:-]+\|$/.test(line))
      found.push(Object.fromEntries(cells(line).map((it, index) => [titles![index]!, it])));
  }
  return found;
}

// A bar inside code does not separate cells.
const cells = (line: string): string[] =>
  [...line.slice(1).matchAll(/((?:`[^`]*`|[^|`])*)\|/g)].map((it) => it[1]!.trim());

const code = (cell: string): string => cell.match(/`([^`]+)`/)?.[1] ?? '';

/** Returns one entry for each method of each row. */
export function routes(): Route[] {
  return rows('## Routes').flatMap((it) => {
    const words = code(it['method and path']!).split(' ');
    const path = words.pop()!;
    return words.map((method) => ({
      method,
      path: it.who === 'operators' || /^\/(health|metrics)/.test(path) ? path : `/api/v1${path}`,
      who: it.who!,
    }));
  });
}

/** Returns the operations that a client sends on the socket. */
export const socketOps = (): string[] =>
  rows('## Sockets')
    .filter((it) => it["client's `op`"])
    .map((it) => /op: "([a-z]+)"/.exec(it["client's `op`"]!)![1]!);

/** Returns the events that the server sends on the socket. */
export const socketEvents = (): string[] =>
  rows('## Sockets')
    .filter((it) => it["server's event"])
    .map((it) => /^[a-z]+/.exec(code(it["server's event"]!))![0]);

export const codes = (): { status: string; code: string }[] =>
  rows('## Codes').map((it) => ({ status: it.status!, code: code(it.code!) }));

export const settings = (): Setting[] =>
  rows('## Settings and stand-ins that outside tools rely on').map((it) => ({
    name: code(it.name!),
    default: it.default!,
  }));
