import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { moderationReasons, type Reason, reasonsFor } from '../comments/model/reasons.settings.js';
import { rows } from '../database/rows.js';
import type { SiteKey } from '../settings/setting.js';
import { Settings } from '../settings/settings.service.js';
import { siteOrigins } from '../settings/site.settings.js';
import type { DeskReasonsView } from './reasons.schema.js';

/** Reads the reasons of all sites, also those that were taken out and that older reports and decisions give. */
@Injectable()
export class ReasonsQueries {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: Settings,
  ) {}

  async read(): Promise<z.infer<typeof DeskReasonsView>> {
    const versions = await rows<{ site: string | null; value: Reason[] }>(
      this.dataSource.sql`select site_key as site, value from setting_versions
        where key = ${moderationReasons.key} and value is not null order by id`,
    );
    const labelsOf = (site: SiteKey): [string, string][] =>
      versions.filter((it) => it.site === site).flatMap(({ value }) => value.map(({ id, label }) => pair(id, label)));
    const initial = this.settings.initialOf(moderationReasons).map(({ id, label }) => pair(id, label));
    return {
      sites: [null, ...this.settings.sites].map((site) => {
        const now = this.settings.get(moderationReasons, site);
        const before = [...initial, ...labelsOf(null), ...(site === null ? [] : labelsOf(site))];
        return {
          site,
          origins: this.settings.own(siteOrigins, site) ?? [],
          choices: reasonsFor(now, 'decisions').map((it) => it.id),
          labels: Object.fromEntries([...before, ...now.map(({ id, label }) => pair(id, label))]),
        };
      }),
    };
  }
}

const pair = (id: string, label: string): [string, string] => [id, label];
