import { Module } from '@nestjs/common';
import { RealtimeModule } from '../realtime/realtime.module.js';
import { SettingHistory } from './setting-history.queries.js';
import { SettingsController } from './settings.controller.js';
import { SettingsLive } from './settings.live.js';

@Module({ imports: [RealtimeModule], controllers: [SettingsController], providers: [SettingHistory, SettingsLive] })
export class NewsroomModule {}
