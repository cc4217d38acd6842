import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { rows } from '../database/rows.js';
import type { SiteKey } from '../settings/setting.js';

const MOST = 200;
/** A list of words has some hundred kilobytes in each version. */
const MOST_CHARACTERS = 2_000_000;

interface HistoryEntry {
  version: string;
  value?: unknown;
  by: { id: string; displayName: string } | null;
  reason: string;
  at: string;
}

/** Reads who changed a setting, when and why. */
@Injectable()
export class SettingHistory {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * Returns the versions of a setting that were set for exactly this site, newest first: at most 200, and of large values
   * those that are two million characters together.
   */
  async read(key: string, site: SiteKey): Promise<HistoryEntry[]> {
    const found = await rows<Omit<HistoryEntry, 'at'> & { at: Date; isReset: boolean }>(
      this.dataSource.sql`
        select v.id as version, v.value, v.value is null as "isReset", v.reason, v.created_at as at,
          case when a.id is not null then json_build_object('id', a.public_id, 'displayName', a.display_name) end as by
        from (
          select *, coalesce(sum(length(value::text)) over (order by id desc
            rows between unbounded preceding and 1 preceding), 0) as newer
          from (
            select * from setting_versions
            where key = ${key} and site_key is not distinct from ${site}::text order by id desc limit ${MOST}) newest) v
        left join accounts a on a.id = v.account_id
        where v.newer < ${MOST_CHARACTERS} order by v.id desc`,
    );
    return found.map(({ value, isReset, at, ...it }) => ({
      ...it,
      at: at.toISOString(),
      ...(isReset ? {} : { value }),
    }));
  }
}
