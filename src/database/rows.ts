import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { isPooled, poolOf } from './data-source.js';
import { isRead, repeatRead } from './repeat-read.js';

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
 * Awaits a statement and returns its rows. TypeORM returns rows for select and insert, but `[rows, count]` for update
 * and delete.
 * @param statement a pending result such as tx.sql`select ...`
 */
export async function rows<Row>(statement: Promise<unknown>): Promise<Row[]>;
/** The form for constant texts on hot paths, which TypeORM's `sql` tag would process at every call. */
export async function rows<Row>(db: Queryable, sql: string, values?: unknown[]): Promise<Row[]>;
export async function rows<Row>(
  source: Promise<unknown> | Queryable,
  sql?: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const result = (await (source instanceof Promise ? source : run(source, sql!, values))) as unknown[];
  return (
    result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number' ? result[0] : result
  ) as Row[];
}

const run = (db: Queryable, sql: string, values: unknown[]): Promise<unknown> =>
  db instanceof DataSource && isRead(sql) ? repeatRead(() => db.query(sql, values)) : db.query(sql, values);

/** Awaits a statement and returns its first row, if there is one. */
export async function row<Row>(statement: Promise<unknown>): Promise<Row | undefined>;
/** The form for constant texts on hot paths, which TypeORM's `sql` tag would process at every call. */
export async function row<Row>(db: Queryable, sql: string, values?: unknown[]): Promise<Row | undefined>;
export async function row<Row>(
  source: Promise<unknown> | Queryable,
  sql?: string,
  values?: unknown[],
): Promise<Row | undefined> {
  return (source instanceof Promise ? await rows<Row>(source) : await rows<Row>(source, sql!, values))[0];
}

/** A hot read: one named statement, prepared once for each connection, whose single cell is JSON built by Postgres. */
export interface JsonStatement {
  name: string;
  text: string;
}

@Injectable()
export class Reads {
  constructor(private readonly dataSource: DataSource) {}

  /** Reads JSON with its ETag. @param statement its second cell is the version of the data */
  async tagged(statement: JsonStatement, values: unknown[]): Promise<TaggedJson | undefined> {
    const [json, version] = await this.cells(statement, values);
    // The hash of the statement is part of the ETag, because another version of the statement gives another answer.
    return typeof json === 'string' ? { json, etag: `${version}.${statementHash(statement)}` } : undefined;
  }

  /** Reads JSON text without parsing it. @returns undefined when there is no row */
  async json(statement: JsonStatement, values: unknown[]): Promise<string | undefined> {
    return (await this.cells(statement, values))[0] ?? undefined;
  }

  private async cells(statement: JsonStatement, values: unknown[]): Promise<(string | null)[]> {
    return repeatRead(async () => {
      const query = new CellsQuery(isPooled(this.dataSource) ? { text: statement.text } : statement, values);
      // The pool returns a promise here too, although its types name cursors only.
      await (poolOf(this.dataSource).query(query) as unknown as Promise<unknown>);
      return query.cells;
    });
  }
}

/**
 * A query of the driver without the cost of its result object (by profile some 35 us of a page's 570), which copies the
 * query's settings by property descriptors and builds a table of column names and parsers. Cells stay the driver's
 * text; asking for bytes would copy it twice more.
 */
class CellsQuery extends pg.Query {
  readonly name: string | undefined;
  /** The cells of the first row; empty when there is no row. */
  cells: (string | null)[] = [];

  constructor({ name, text }: { name?: string; text: string }, values: unknown[]) {
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
  /** The ETag without its quotes. */
  etag: string;
}

const hashes = new WeakMap<JsonStatement, string>();

function statementHash(statement: JsonStatement): string {
  let hash = hashes.get(statement);
  if (!hash) {
    hash = createHash('sha256').update(statement.text).digest('base64url').slice(0, 6);
    hashes.set(statement, hash);
  }
  return hash;
}
