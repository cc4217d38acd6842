import { Module } from '@nestjs/common';
import { SettingHistory } from './setting-history.queries.js';
import { SettingsController } from './settings.controller.js';

@Module({ controllers: [SettingsController], providers: [SettingHistory] })
export class NewsroomModule {}
