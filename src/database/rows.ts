import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { poolOf } from './data-source.js';

/** The transaction that a write is part of, made by Transactions.run. */
export type Tx = EntityManager & {
  /**
   * Runs `effect` once the transaction has committed, and never when it is rolled back. An error of the effect is
   * logged, because the commit cannot be undone.
   */
  afterCommit(effect: () => void): void;
};

type Queryable = { query(sql: string, values?: unknown[]): Promise<unknown> };

/**
 * Awaits a statement and returns its rows. TypeORM answers rows for select and insert, but `[rows, count]` for update
 * and delete.
 * @param statement a pending result such as tx.sql`select ...`
 */
export async function rows<Row>(statement: Promise<unknown>): Promise<Row[]>;
/** @deprecated Use the `sql` tag: rows(tx.sql`select ...`). */
export async function rows<Row>(db: Queryable, sql: string, values?: unknown[]): Promise<Row[]>;
export async function rows<Row>(
  source: Promise<unknown> | Queryable,
  sql?: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const result = (await (source instanceof Promise ? source : source.query(sql!, values))) as unknown[];
  return (
    result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number' ? result[0] : result
  ) as Row[];
}

/** Awaits a statement and returns its first row, if there is one. */
export async function row<Row>(statement: Promise<unknown>): Promise<Row | undefined>;
/** @deprecated Use the `sql` tag: row(tx.sql`select ...`). */
export async function row<Row>(db: Queryable, sql: string, values?: unknown[]): Promise<Row | undefined>;
export async function row<Row>(
  source: Promise<unknown> | Queryable,
  sql?: string,
  values?: unknown[],
): Promise<Row | undefined> {
  return (source instanceof Promise ? await rows<Row>(source) : await rows<Row>(source, sql!, values))[0];
}

/** A hot read: one named statement, prepared once a connection, whose single cell is JSON text built by Postgres. */
export interface JsonStatement {
  name: string;
  text: string;
}

@Injectable()
export class Reads {
  constructor(private readonly dataSource: DataSource) {}

  /** @param statement with a second cell: the version of what it says @returns as `json`, with an ETag */
  async tagged(statement: JsonStatement, values: unknown[]): Promise<TaggedJson | undefined> {
    const [json, version] = await this.cells(statement, values);
    // The statement's own mark: an answer of another form, after an update, is another answer.
    return typeof json === 'string' ? { json, etag: `${version}.${markOf(statement)}` } : undefined;
  }

  /** @returns the JSON text, passed through unparsed; undefined where there is no row */
  async json(statement: JsonStatement, values: unknown[]): Promise<string | undefined> {
    return (await this.cells(statement, values))[0] ?? undefined;
  }

  private async cells(statement: JsonStatement, values: unknown[]): Promise<(string | null)[]> {
    const query = new CellsQuery(statement, values);
    // The pool answers a promise here, too; its types speak of cursors.
    await (poolOf(this.dataSource).query(query) as unknown as Promise<unknown>);
    return query.cells;
  }
}

/**
 * The driver's own query, but for what its result costs at each call (by profile some 35 us of a page's 570): a copy of the
 * query's settings by property descriptors, and a table of the columns' names and parsers. Cells stay the text that the
 * driver made of them; asking it for bytes would only copy that twice more.
 */
class CellsQuery extends pg.Query {
  readonly name: string;
  /** Of the first row; none where there is no row. */
  cells: (string | null)[] = [];

  constructor({ name, text }: JsonStatement, values: unknown[]) {
    super(text, values);
    this.name = name;
  }

  handleRowDescription(): void {}

  handleDataRow({ fields }: { fields: (string | null)[] }): void {
    if (!this.cells.length) this.cells = fields;
  }
}

export interface TaggedJson {
  json: string;
  /** Without quotes. */
  etag: string;
}

const marks = new WeakMap<JsonStatement, string>();

function markOf(statement: JsonStatement): string {
  let mark = marks.get(statement);
  if (!mark) {
    mark = createHash('sha256').update(statement.text).digest('base64url').slice(0, 6);
    marks.set(statement, mark);
  }
  return mark;
}
