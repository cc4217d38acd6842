import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiConflictResponse, ApiCreatedResponse, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Allow, Me } from '../accounts/sessions/access.js';
import { atLeast, type Viewer } from '../accounts/sessions/viewer.js';
import { DomainError, notFound } from '../errors/domain-error.js';
import { LargeBody } from '../http/webhook.js';
import { PathText } from '../http/path-text.js';
import { Problem } from '../http/problem.js';
import { definedSettings, type Setting, SETTING_GROUPS, settingOf, type SiteKey } from '../settings/setting.js';
import { Settings } from '../settings/settings.service.js';
import { Sites } from '../settings/sites.service.js';
import { SettingHistory } from './setting-history.queries.js';
import {
  CreatedSite,
  NewSite,
  SettingChangeBody,
  SettingHistoryView,
  SettingsView,
  SettingView,
  SiteQuery,
} from './settings.schema.js';

type View = z.infer<typeof SettingView>;

/** The routes by which staff read and change settings and sites. */
@ApiTags('settings')
@Controller()
export class SettingsController {
  constructor(
    private readonly settings: Settings,
    private readonly sites: Sites,
    private readonly histories: SettingHistory,
  ) {}

  /** Lists all settings with the values that hold for a site, or for the installation. */
  @Get('settings')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: SettingsView })
  getSettings(@Query({ schema: SiteQuery }) query: z.infer<typeof SiteQuery>): z.infer<typeof SettingsView> {
    const site = this.siteOf(query.site);
    return {
      groups: Object.entries(SETTING_GROUPS).map(([key, label]) => ({ key, label })),
      sites: this.settings.sites.map((key) => ({ key, name: this.sites.look(key).name })),
      items: definedSettings()
        .filter((it) => site === null || it.perSite)
        .map((it) => this.view(it, site)),
    };
  }

  /** Changes a setting for a site or the installation, or takes its value back. */
  @Put('settings/:key')
  @Allow('moderator')
  @LargeBody()
  @ApiOkResponse({ standardSchema: SettingView })
  @ApiConflictResponse({ standardSchema: Problem })
  async changeSetting(
    @Me() viewer: Viewer,
    @Param('key', { schema: PathText }) key: string,
    @Body({ schema: SettingChangeBody }) body: z.infer<typeof SettingChangeBody>,
  ): Promise<View> {
    const setting = settingOf(key);
    if (!setting) throw notFound('setting');
    if (!atLeast(viewer.role, setting.role))
      throw new DomainError('role.required', 'forbidden', {
        detail: `The setting “${setting.label}” can be changed by the role ${setting.role} and higher roles only. Ask a colleague who has it.`,
      });
    const site = this.siteOf(body.site ?? undefined);
    await this.settings.change({
      actorId: viewer.accountId,
      key,
      site,
      value: body.reset ? undefined : body.value,
      reason: body.reason ?? '',
      basedOn: body.basedOn,
    });
    return this.view(setting, site);
  }

  /** Returns the versions of a setting for a site or the installation, newest first. */
  @Get('settings/:key/history')
  @Allow('moderator')
  @ApiOkResponse({ standardSchema: SettingHistoryView })
  async getSettingHistory(
    @Param('key', { schema: PathText }) key: string,
    @Query({ schema: SiteQuery }) query: z.infer<typeof SiteQuery>,
  ): Promise<z.infer<typeof SettingHistoryView>> {
    if (!settingOf(key)) throw notFound('setting');
    return { items: await this.histories.read(key, this.siteOf(query.site)) };
  }

  /** Adds a site, which inherits every value of the installation. */
  @Post('sites')
  @Allow('admin')
  @HttpCode(201)
  @ApiCreatedResponse({ standardSchema: CreatedSite })
  async createSite(
    @Me() viewer: Viewer,
    @Body({ schema: NewSite }) { key }: z.infer<typeof NewSite>,
  ): Promise<z.infer<typeof CreatedSite>> {
    await this.settings.addSite(viewer.accountId, key);
    return { key };
  }

  private siteOf(key: string | undefined): SiteKey {
    if (key === undefined) return null;
    if (!this.settings.sites.includes(key)) throw notFound('site');
    return key;
  }

  private view(setting: Setting<unknown>, site: SiteKey): View {
    const { key, group, label, help, role, perSite } = setting;
    const version = this.settings.versionOf(setting, site);
    const isOwn = version?.value !== undefined;
    const isSet = this.settings.own(setting, null) !== undefined;
    return {
      key,
      group,
      label,
      help,
      schema: jsonSchemaOf(setting),
      role,
      perSite,
      initial: this.settings.initialOf(setting),
      value: this.settings.get(setting, site),
      from: isOwn && site !== null ? 'site' : isSet ? 'installation' : 'initial',
      version: version?.id ?? null,
    };
  }
}

const schemas = new WeakMap<Setting<unknown>, Record<string, unknown>>();

function jsonSchemaOf(setting: Setting<unknown>): Record<string, unknown> {
  let found = schemas.get(setting);
  if (!found) {
    const { $schema: _dialect, ...schema } = z.toJSONSchema(setting.schema, { io: 'input', unrepresentable: 'any' });
    schemas.set(setting, (found = schema));
  }
  return found;
}
