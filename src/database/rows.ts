import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { poolOf } from './data-source.js';

/** A transaction in which an effect happens; every write takes one. */
export type Tx = EntityManager;

type Queryable = { query(sql: string, values?: unknown[]): Promise<unknown> };

/** Rows of any statement: TypeORM answers rows for select and insert, but `[rows, count]` for update and delete. */
export async function rows<Row>(db: Queryable, sql: string, values: unknown[] = []): Promise<Row[]> {
  const result = (await db.query(sql, values)) as unknown[];
  return (
    result.length === 2 && Array.isArray(result[0]) && typeof result[1] === 'number' ? result[0] : result
  ) as Row[];
}

/** The first row, if any. */
export async function row<Row>(db: Queryable, sql: string, values: unknown[] = []): Promise<Row | undefined> {
  return (await rows<Row>(db, sql, values))[0];
}

/** A hot read: one named statement, prepared once a connection, whose single cell is JSON text built by Postgres. */
export interface JsonStatement {
  name: string;
  text: string;
}

@Injectable()
export class Reads {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Of a statement with a second cell, the version of what it says.
   * @returns the JSON as the bytes that Postgres sent, with an ETag; undefined where there is no row
   */
  async tagged(statement: JsonStatement, values: unknown[]): Promise<TaggedJson | undefined> {
    const { name, text } = statement;
    const query = { name, text, values, rowMode: 'array', binary: true, types: asSent } as const;
    const { rows: found } = await poolOf(this.dataSource).query<[Buffer | null, Buffer]>(query);
    const [json, version] = found[0] ?? [null];
    // The statement's own mark: an answer of another form, after an update, is another answer.
    return json ? { json, etag: `${version!.toString()}.${markOf(statement)}` } : undefined;
  }

  /** @returns the JSON text, passed through unparsed; undefined where there is no row */
  async json(statement: JsonStatement, values: unknown[]): Promise<string | undefined> {
    const query = { ...statement, values, rowMode: 'array' } as const;
    const { rows: found } = await poolOf(this.dataSource).query<[string | null]>(query);
    return found[0]?.[0] ?? undefined;
  }
}

// Text in its binary form is the text: it goes from one socket to the other without becoming a string on the way. Copied,
// since the driver writes the next answer over its buffer.
const asSent = { getTypeParser: () => (value: Buffer) => Buffer.from(value) } as unknown as pg.CustomTypesConfig;

export interface TaggedJson {
  json: Buffer;
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
