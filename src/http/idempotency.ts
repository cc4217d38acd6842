import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { inTime } from '../clock/in-time.js';
import { sqlState, sqlStateOf } from '../database/postgres-errors.js';
import { row, rows, type Tx } from '../database/rows.js';
import { DomainError } from '../errors/domain-error.js';

/** The identity of a request that may be repeated. The same scope and key mean the same request. */
export interface Claim {
  /** The account, else the browser, else the key alone. */
  scope: string;
  key: string;
  /** A hash of route and body, which reveals another request under the same key. */
  hash: Buffer;
}

/** The answer to the first request. Repeats get the same bytes. */
export interface StoredAnswer {
  status: number;
  answer: string;
}

export const requestHash = (...parts: unknown[]): Buffer => createHash('sha256').update(JSON.stringify(parts)).digest();

/** Reads the header Idempotency-Key. @returns undefined without a header @throws DomainError 400 when it is no UUID */
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

/** Builds the error of a key that came with another body before. `request` is the word for it in the message. */
export const keyReused = (request = 'request'): DomainError =>
  new DomainError('idempotency.key_reused', 'unprocessable', {
    detail: `This Idempotency-Key was used for another ${request}. Use a new key.`,
  });

/** Token of the time in milliseconds that a repeat waits for the first request; tests replace its provider. */
export const PATIENCE_MS = Symbol('the patience of a repeated request');

/** Builds the error of a repeat that comes too early. `seconds` is the time until the next attempt. */
export const inProgress = (seconds: 1 | 2 = 1): DomainError => {
  const time = seconds === 1 ? 'a second' : 'two seconds';
  return new DomainError('idempotency.in_progress', 'conflict', {
    detail: `The first request with this Idempotency-Key is still under way. Send the request again in ${time}.`,
    retryAfter: seconds,
  });
};

/**
 * Runs a request once for each Idempotency-Key. The claim and the answer are written in the transaction of the effect, so
 * a crash leaves all or nothing. A second request waits for the transaction of the first, at most five seconds.
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
    if (first?.hash.equals(claim.hash)) return inTime(first.answer, this.patienceMs, inProgress);
    const answer = work();
    if (!first) this.running.set(name, { hash: claim.hash, answer });
    try {
      return await answer;
    } finally {
      if (this.running.get(name)?.answer === answer) this.running.delete(name);
    }
  }

  /** Returns the answer of an earlier, finished request of the same claim. @throws DomainError idempotency.key_reused */
  async find({ scope, key, hash }: Claim): Promise<StoredAnswer | undefined> {
    const found = await row<StoredAnswer & { hash: Buffer }>(
      this.dataSource,
      'select request_hash as hash, status, answer from idempotency_keys where scope = $1 and key = $2',
      [scope, key],
    );
    if (!found) return undefined;
    if (!found.hash.equals(hash)) throw keyReused();
    return { status: found.status, answer: found.answer };
  }

  /**
   * Claims keys. Call it first in a transaction, before any other lock is taken.
   * @param patience how long to wait for another transaction that holds one of them
   * @returns for each claim `undefined` (the claim succeeded), the answer of its earlier request, or the error to throw
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
      // The order is fixed, so that two processes that claim the same keys cannot deadlock.
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
        if (ours.delete(`${claim.scope} ${claim.key}`)) return undefined; // a repeat within this call finds the set without it
        const found = earlier.find((it) => it.scope === claim.scope && it.key === claim.key);
        if (!found?.hash.equals(claim.hash)) return keyReused();
        if (found.status === null) return inProgress();
        return { status: found.status, answer: found.answer };
      });
    } catch (error) {
      if (sqlStateOf(error) !== sqlState.lockNotAvailable) throw error;
      throw inProgress();
    } finally {
      await tx.query(`set local lock_timeout to default`).catch(() => {}); // it fails when the transaction is already aborted
    }
  }

  /** Stores the answers of the claimed requests. */
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

  /** Deletes the claims of refused requests, so that a repeat is judged again. */
  async giveBack(tx: Tx, claims: Claim[]): Promise<void> {
    if (!claims.length) return;
    await tx.query(
      `delete from idempotency_keys k using unnest($1::text[], $2::uuid[]) as it (scope, key)
       where k.scope = it.scope and k.key = it.key`,
      [claims.map((it) => it.scope), claims.map((it) => it.key)],
    );
  }

  /** Runs `effect` once for a claim. A repeat gets the first answer without a second effect. */
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
