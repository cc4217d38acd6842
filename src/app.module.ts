import { type DynamicModule, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { migrations } from '../migrations/index.js';
import { AccountsModule } from './accounts/accounts.module.js';
import { entities } from './app.entities.js';
import { ArticlesModule } from './articles/articles.module.js';
import { AuditModule } from './audit/audit.module.js';
import { ClockModule } from './clock/clock.module.js';
import { CommentsModule } from './comments/comments.module.js';
import { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { dataSourceOptions } from './database/data-source.js';
import { DatabaseModule } from './database/database.module.js';
import { DonationsModule } from './donations/donations.module.js';
import { EventsModule } from './events/events.module.js';
import { HttpModule } from './http/http.module.js';
import { JobsModule } from './jobs/jobs.module.js';
import { LearnerModule } from './learner/learner.module.js';
import { MetricsModule } from './metrics/metrics.module.js';
import { MailModule } from './mail/mail.module.js';
import { ModerationModule } from './moderation/moderation.module.js';
import { NewsroomModule } from './newsroom/newsroom.module.js';
import { NotificationsModule } from './notifications/notifications.module.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { SettingsModule } from './settings/settings.module.js';

/** The list of modules. Each imports only modules above it. */
@Module({})
export class AppModule {
  static with(config: Config): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(config),
        ClockModule,
        MetricsModule,
        TypeOrmModule.forRoot({
          ...dataSourceOptions(
            config.databaseUrl,
            { entities, migrations },
            config.env.DATABASE_POOL,
            !config.preparedStatements,
            config.statementMs,
          ),
          retryAttempts: 0,
        }),
        DatabaseModule,
        AuditModule,
        JobsModule,
        EventsModule,
        SettingsModule,
        MailModule,
        HttpModule,
        AccountsModule,
        NewsroomModule,
        RealtimeModule,
        ArticlesModule,
        LearnerModule,
        CommentsModule,
        ModerationModule,
        NotificationsModule,
        DonationsModule,
      ],
    };
  }
}
