import { isDeepStrictEqual } from 'node:util';
import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AuditService } from '../audit/audit.service.js';
import { Clock } from '../clock/clock.js';
import { Config } from '../config/config.js';
import { row, rows, type Tx } from '../database/rows.js';
import { Transactions } from '../database/transaction.js';
import { DomainError, notFound } from '../errors/domain-error.js';
import { EventBus } from '../events/event-bus.js';
import type {} from '../events/event-map.js';
import { Draft, invalidSetting, nameOf, valueIn } from './draft.js';
import { defineLimitSettings } from './limit.settings.js';
import { type Setting, settingOf, type SettingReader, type SiteKey } from './setting.js';

declare module '../events/event-map.js' {
  interface StaffEvents {
    settings: true;
  }
}

/** A change is in force in every process within this time, also when its event is lost. */
const READ_EVERY_MS = 2_000;
const CHANGE_LOCK = 7010;

/** Changes take a lock, so versions and sites appear in the order of their ids. Plan: the end of the primary key. */
const POSITION = `select coalesce((select max(id) from setting_versions), 0) || '.' || (select count(*) from sites) as position`;
const IN_FORCE = `
  select distinct on (key, site_key) id, key, site_key as "siteKey", value, value is null as "isReset"
  from setting_versions
  order by key, site_key, id desc`;

/** The newest version of a setting for a site. */
export interface SettingVersion {
  id: string;
  /** Undefined when the value was taken back. */
  value: unknown;
}

export interface SettingChange {
  /** The account that changes it, or null for the operator. */
  actorId: string | null;
  key: string;
  site: SiteKey;
  /** Undefined takes the value back: the site inherits, or the initial value holds. */
  value: unknown;
  /** Why it is changed, in the words of the person who does. */
  reason: string;
  /** The version that the person saw, null for none. Another one in force refuses the change. */
  basedOn?: string | null | undefined;
}

/**
 * Keeps the values of all settings in memory, and changes them. A change is in force in this process when it is
 * answered, and in all others within two seconds.
 */
export class Settings implements SettingReader, OnApplicationShutdown {
  private readonly log = new Logger('Settings');
  private readPosition = '';
  private siteKeys: readonly string[] = [];
  private versions = new Map<string, SettingVersion>();
  private reading: Promise<void> | undefined;
  private readonly changed: (() => void)[] = [];
  private stop: (() => Promise<void>) | undefined;

  constructor(
    private readonly dataSource: DataSource,
    private readonly transactions: Transactions,
    private readonly config: Config,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly audit: AuditService,
  ) {}

  /** Reads the values for the first time, and begins to look for changes. */
  async begin(): Promise<void> {
    defineLimitSettings();
    await this.read();
    this.events.onEvent(({ kind }) => {
      if (kind === 'settings') void this.read().catch(() => {}); // the next look makes up for it
    });
    this.stop = this.clock.every(
      READ_EVERY_MS,
      () => this.read(),
      () => {}, // readiness says that the database is away
    );
  }

  async onApplicationShutdown(): Promise<void> {
    await this.stop?.();
  }

  /** Differs whenever this process has read something new. */
  get position(): string {
    return this.readPosition;
  }

  get sites(): readonly string[] {
    return this.siteKeys;
  }

  get<T>(setting: Setting<T>, site: SiteKey = null): T {
    return valueIn(this, setting, site, this.initialOf(setting));
  }

  own<T>(setting: Setting<T>, site: SiteKey): T | undefined {
    return this.versionOf(setting, site)?.value as T | undefined;
  }

  initialOf<T>({ initial }: Setting<T>): T {
    return typeof initial === 'function' ? (initial as (config: Config) => T)(this.config) : initial;
  }

  /** The version in force that was set for exactly this site. */
  versionOf({ key }: Pick<Setting<unknown>, 'key'>, site: SiteKey): SettingVersion | undefined {
    return this.versions.get(nameOf(key, site));
  }

  /** Calls back after values have changed. */
  onChange(listener: () => void): void {
    this.changed.push(listener);
  }

  /**
   * Changes settings, all or none. A value that is in force already makes no version.
   * @param newSites the keys of sites that are added first, by the operator
   * @throws DomainError setting.not_found, site.not_found, site.exists; setting.invalid, which says what is wrong;
   *   setting.changed, with the version in force, when somebody changed it since
   */
  async change(changes: SettingChange | readonly SettingChange[], newSites: readonly string[] = []): Promise<void> {
    await this.inTurn(async (tx) => {
      for (const it of newSites) await this.insertSite(tx, null, it);
      const sites = [...this.siteKeys, ...newSites];
      const draft = new Draft(this, sites);
      const list = [changes].flat() as SettingChange[];
      for (const it of list) draft.set(known(it, sites), it);
      for (const it of list) {
        draft.check(known(it, sites), it.site);
        await this.write(tx, it);
      }
    });
  }

  /** Adds a site, which inherits every value. @throws DomainError site.exists */
  async addSite(actorId: string | null, key: string): Promise<void> {
    await this.inTurn((tx) => this.insertSite(tx, actorId, key));
  }

  /** Changes come one after another, so each is checked against what the one before has set. */
  private async inTurn(work: (tx: Tx) => Promise<void>): Promise<void> {
    await this.transactions.run(async (tx) => {
      await tx.sql`select pg_advisory_xact_lock(${CHANGE_LOCK}::integer, 0)`;
      await this.readNow(tx);
      await work(tx);
      this.events.publish(tx, 'settings', 'staff');
    });
    await this.read();
  }

  private async insertSite(tx: Tx, actorId: string | null, key: string): Promise<void> {
    const made = await row(tx.sql`
      insert into sites (key, created_at) values (${key}, ${this.clock.now()}) on conflict do nothing returning key`);
    if (!made)
      throw new DomainError('site.exists', 'conflict', {
        detail: 'There is a site of this key. Choose another key.',
      });
    await this.audit.record(tx, { actorId, action: 'site.create', subjectId: key, detail: {} });
  }

  private async write(tx: Tx, { actorId, key, site, value, reason, basedOn }: SettingChange): Promise<void> {
    const last = await row<{ id: string; value: unknown; isReset: boolean }>(tx.sql`
      select id, value, value is null as "isReset" from setting_versions
      where key = ${key} and site_key is not distinct from ${site}::text order by id desc limit 1`);
    if (basedOn !== undefined && basedOn !== (last?.id ?? null))
      throw new DomainError('setting.changed', 'conflict', {
        detail: 'Somebody has changed this setting since you opened it. Look at the new value before you change it.',
        members: { version: last?.id ?? null, ...(last && !last.isReset ? { value: last.value } : {}) },
      });
    const before = last && !last.isReset ? last.value : undefined;
    if (isDeepStrictEqual(before, value)) return;
    const made = await row<{ id: string }>(tx.sql`
      insert into setting_versions (key, site_key, value, account_id, reason, created_at)
      values (${key}, ${site}::text, ${value === undefined ? null : JSON.stringify(value)}::jsonb, ${actorId}::bigint,
        ${reason}, ${this.clock.now()}) returning id`);
    const version = made!.id;
    await this.audit.record(tx, { actorId, action: 'setting.change', subjectId: key, detail: { site, version } });
  }

  /** Reads the values when something has changed. A call that comes while one runs waits for another one. */
  private async read(): Promise<void> {
    const before = this.reading;
    const next = (async () => {
      await before?.catch(() => {});
      await this.readNow(this.dataSource);
    })();
    this.reading = next;
    try {
      await next;
    } finally {
      if (this.reading === next) this.reading = undefined;
    }
  }

  private async readNow(db: Pick<Tx, 'query'>): Promise<void> {
    const { position } = (await row<{ position: string }>(db, POSITION))!;
    if (position === this.readPosition) return;
    const sites = await rows<{ key: string }>(db, 'select key from sites order by key');
    const found = await rows<SettingVersion & { key: string; siteKey: string | null; isReset: boolean }>(db, IN_FORCE);
    const versions = new Map<string, SettingVersion>();
    for (const { id, key, siteKey, value, isReset } of found) {
      const name = nameOf(key, siteKey);
      const known = this.versions.get(name);
      // What is made from a value, such as the search for a list of words, is kept as long as the value is the same object.
      if (known?.id === id) versions.set(name, known);
      else versions.set(name, { id, value: isReset ? undefined : this.fitting(key, siteKey, value) });
    }
    this.siteKeys = sites.map((it) => it.key);
    this.versions = versions;
    this.readPosition = position;
    for (const listener of this.changed) listener();
  }

  /** A newer version of Rostra may ask for another form than the value has. The initial value holds then. */
  private fitting(key: string, site: SiteKey, value: unknown): unknown {
    const setting = settingOf(key);
    if (!setting) return undefined;
    const parsed = setting.schema.safeParse(value);
    if (parsed.success) return parsed.data;
    this.log.warn(`The value of ${key}${site ? ` of the site ${site}` : ''} no longer fits: ${parsed.error.message}`);
    return undefined;
  }
}

/** @throws DomainError setting.not_found, site.not_found, setting.invalid when a site cannot have its own value */
function known({ key, site }: SettingChange, sites: readonly string[]): Setting<unknown> {
  const setting = settingOf(key);
  if (!setting) throw notFound('setting');
  if (site !== null && !sites.includes(site)) throw notFound('site');
  if (site !== null && !setting.perSite)
    throw invalidSetting(setting, [
      { path: '', message: 'holds for all sites, so it cannot be changed for one of them' },
    ]);
  return setting;
}
