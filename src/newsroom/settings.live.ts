import { Injectable, type OnModuleInit } from '@nestjs/common';
import { StaffChangeTokens } from '../realtime/staff-change-tokens.js';
import { Settings } from '../settings/settings.service.js';

/**
 * The desk reads the settings again after every change, whether or not the event arrived. This process has read the
 * change by then, so the desk never gets the values before it.
 */
@Injectable()
export class SettingsLive implements OnModuleInit {
  constructor(
    private readonly tokens: StaffChangeTokens,
    private readonly settings: Settings,
  ) {}

  onModuleInit(): void {
    this.tokens.provide('settings', () => Promise.resolve(this.settings.position));
  }
}
