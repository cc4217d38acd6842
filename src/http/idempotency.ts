import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { sqlState, sqlStateOf } from '../database/postgres-errors.js';
import { row, rows, type Tx } from '../database/rows.js';
import { DomainError } from '../errors/domain-error.js';

/** A request that may be repeated: same scope and key mean the same request. */
export interface Claim {
  /** The account, else the browser, else the key alone. */
  scope: string;
  key: string;
  /** Of route and body, so that another request under the same key is told apart. */
  hash: Buffer;
}

/** What the first request was answered: byte for byte what the repeats get. */
export interface StoredAnswer {
  status: number;
  answer: string;
}

export const requestHash = (...parts: unknown[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();

/** @throws DomainError 400 where the header is no UUID; undefined without header */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  const parsed = z.uuid().safeParse(header);
  if (!parsed.success)
    throw new DomainError('request.invalid', 'invalid', {
      detail: 'Idempotency-Key must be a UUID.',
      errors: [{ path: 'Idempotency-Key', message: 'must be a UUID' }],
    });
  return parsed.data.toLowerCase();
}

const otherBody = new DomainError('idempotency.key_reused', 'unprocessable', {
  detail: 'This Idempotency-Key was used for another request. Use a new key.',
});

/** How long a repeat waits for the first request, in milliseconds; the provider of this token may be replaced in tests. */
export const PATIENCE_MS = Symbol('the patience of a repeated request');

const inProgress = new DomainError('idempotency.in_progress', 'conflict', {
  detail: 'The first request with this Idempotency-Key is still under way.',
  retryAfter: 1,
});

/**
 * Claims and answers are written in the transaction of the effect: a crash leaves both or neither. A second request
 * waits for the first one's transaction, at most five seconds.
 */
@Injectable()
export class Idempotency {
  private readonly running = new Map<string, { hash: Buffer; answer: Promise<StoredAnswer> }>();

  constructor(
    private readonly dataSource: DataSource,
    @Inject(PATIENCE_MS) readonly patienceMs: number,
  ) {}

  /**
   * Runs `work` for a claim, or waits for the answer of the same request when it already runs in this process. The wait
   * needs no transaction and no connection. Without a claim it only runs `work`.
   * @throws DomainError idempotency.in_progress (409) when the first request takes longer than the patience
   */
  async shared(claim: Claim | undefined, work: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    if (!claim) return work();
    const name = `${claim.scope} ${claim.key}`;
    const first = this.running.get(name);
    if (first?.hash.equals(claim.hash)) return this.withinPatience(first.answer);
    const answer = work();
    if (!first) this.running.set(name, { hash: claim.hash, answer });
    try {
      return await answer;
    } finally {
      if (this.running.get(name)?.answer === answer) this.running.delete(name);
    }
  }

  /** The answer of an earlier, finished request of the same claim. @throws DomainError idempotency.key_reused */
  async find({ scope, key, hash }: Claim): Promise<StoredAnswer | undefined> {
    const found = await row<StoredAnswer & { hash: Buffer }>(
      this.dataSource,
      'select request_hash as hash, status, answer from idempotency_keys where scope = $1 and key = $2',
      [scope, key],
    );
    if (!found) return undefined;
    if (!found.hash.equals(hash)) throw otherBody;
    return { status: found.status, answer: found.answer };
  }

  /**
   * Claims keys, first thing in a transaction and before any other lock.
   * @param patience how long to wait for another transaction that holds one of them
   * @returns for each claim `undefined` (it is ours, go on), the answer of its earlier request, or the error to throw
   * @throws DomainError idempotency.in_progress (409) when the first request is still under way after that
   */
  async claim(
    tx: Tx,
    claims: Claim[],
    patience = this.patienceMs,
  ): Promise<(StoredAnswer | DomainError | undefined)[]> {
    const columns = [claims.map((it) => it.scope), claims.map((it) => it.key), claims.map((it) => it.hash)];
    await tx.query(`set local lock_timeout = ${Math.round(patience)}`);
    try {
      // Sorted, so that two nodes which claim the same keys wait for each other in one direction only.
      const taken = await rows<{ scope: string; key: string }>(
        tx,
        `insert into idempotency_keys (scope, key, request_hash)
         select scope, key, hash from unnest($1::text[], $2::uuid[], $3::bytea[])
           with ordinality as it (scope, key, hash, n) order by scope, key, n
         on conflict do nothing returning scope, key`,
        columns,
      );
      const ours = new Set(taken.map((it) => `${it.scope} ${it.key}`));
      if (ours.size === claims.length) return claims.map(() => undefined);
      const earlier = await rows<{ scope: string; key: string; hash: Buffer; status: number | null; answer: string }>(
        tx,
        `select scope, key, request_hash as hash, status, answer from idempotency_keys
         join unnest($1::text[], $2::uuid[]) as it (scope, key) using (scope, key)`,
        columns.slice(0, 2),
      );
      return claims.map((claim) => {
        if (ours.delete(`${claim.scope} ${claim.key}`)) return undefined; // a second one in this call is no longer first
        const found = earlier.find((it) => it.scope === claim.scope && it.key === claim.key);
        if (!found?.hash.equals(claim.hash)) return otherBody;
        if (found.status === null) return inProgress;
        return { status: found.status, answer: found.answer };
      });
    } catch (error) {
      if (sqlStateOf(error) !== sqlState.lockNotAvailable) throw error;
      throw inProgress;
    } finally {
      await tx.query(`set local lock_timeout = 0`).catch(() => {}); // fails where the transaction is already aborted
    }
  }

  private async withinPatience(answer: Promise<StoredAnswer>): Promise<StoredAnswer> {
    const timer = new AbortController();
    const late = wait(this.patienceMs, undefined, { signal: timer.signal }).then(() => Promise.reject(inProgress));
    late.catch(() => {}); // the timer was stopped, or the race has already thrown this error
    try {
      return await Promise.race([answer, late]);
    } finally {
      timer.abort();
    }
  }

  /** Stores what the claimed requests were answered. */
  async answer(tx: Tx, claims: Claim[], answers: StoredAnswer[]): Promise<void> {
    if (!claims.length) return;
    await tx.query(
      `update idempotency_keys k set status = it.status, answer = it.answer
       from unnest($1::text[], $2::uuid[], $3::smallint[], $4::text[]) as it (scope, key, status, answer)
       where k.scope = it.scope and k.key = it.key`,
      [
        claims.map((it) => it.scope),
        claims.map((it) => it.key),
        answers.map((it) => it.status),
        answers.map((it) => it.answer),
      ],
    );
  }

  /** Takes claims back whose requests were refused: they left nothing, so a repeat is judged anew. */
  async giveBack(tx: Tx, claims: Claim[]): Promise<void> {
    if (!claims.length) return;
    await tx.query(
      `delete from idempotency_keys k using unnest($1::text[], $2::uuid[]) as it (scope, key)
       where k.scope = it.scope and k.key = it.key`,
      [claims.map((it) => it.scope), claims.map((it) => it.key)],
    );
  }

  /** Runs `effect` once for a claim: a repeat gets the first answer, and nothing happens again. */
  async once(tx: Tx, claim: Claim | undefined, effect: () => Promise<StoredAnswer>): Promise<StoredAnswer> {
    if (!claim) return effect();
    const [earlier] = await this.claim(tx, [claim]);
    if (earlier instanceof DomainError) throw earlier;
    if (earlier) return earlier;
    const answer = await effect();
    await this.answer(tx, [claim], [answer]);
    return answer;
  }
}
