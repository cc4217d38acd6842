import type { Provider } from '@nestjs/common';
import { z } from 'zod';
import { Clock } from '../clock/clock.js';
import { JobRegistry } from './job-registry.js';

const HOUR_MS = 3_600_000;

/** One statement of a purge. */
interface PurgeStep {
  /** How long rows are kept. */
  readonly keep?: { readonly days: number } | { readonly hours: number };
  /** Its `$1`, if it has one, is the present moment minus `keep`. */
  readonly sql: string;
}

/** A job that removes rows nobody needs any more. */
export interface Purge {
  /** Its name in the queue. */
  readonly name: string;
  /** When it runs, as a crontab line in UTC. */
  readonly cron: string;
  /** What it removes, for the operator: "reply alerts after 2 days". */
  readonly removes: string;
  /** They run in this order, in one transaction. */
  readonly steps: readonly PurgeStep[];
}

const declared: Purge[] = [];

/** Declares a purge job. The module that owns the table lists it with `purgeJobs`; the documentation follows. */
export function definePurge(purge: Purge): Purge {
  declared.push(purge);
  return purge;
}

/** All declared purge jobs, sorted by name. */
export const definedPurges = (): readonly Purge[] => declared.toSorted((a, b) => (a.name < b.name ? -1 : 1));

const noPayload = z.strictObject({});

/** Returns a provider that registers the purge jobs of a module when the app starts. */
export const purgeJobs = (...purges: Purge[]): Provider => ({
  provide: Symbol(purges.map((it) => it.name).join(', ')),
  inject: [JobRegistry, Clock],
  useFactory: (jobs: JobRegistry, clock: Clock) => {
    for (const { name, cron, steps } of purges)
      jobs.register({ name, cron, payload: noPayload }, (_payload, run) => {
        const now = clock.now().getTime();
        return run.effect(async (tx) => {
          for (const { keep, sql } of steps)
            await tx.query(sql, sql.includes('$1') ? [new Date(now - milliseconds(keep))] : []);
        });
      });
    return purges;
  },
});

function milliseconds(keep: PurgeStep['keep']): number {
  if (!keep) return 0;
  return 'days' in keep ? keep.days * 24 * HOUR_MS : keep.hours * HOUR_MS;
}
