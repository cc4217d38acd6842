import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccountEvents } from './profiles/accounts.events.js';
import { AccountsService } from './profiles/accounts.service.js';
import { MeController } from './profiles/me.controller.js';
import { NamesService } from './profiles/names.service.js';
import { FollowsService } from './readers/follows.service.js';
import { ReaderRelationsController } from './readers/readers.controller.js';
import { RolesAndBansService } from './readers/roles-and-bans.service.js';
import { purgeJobs } from '../jobs/purge.js';
import { AccessGuard } from './sessions/access.js';
import { ApiKeysService } from './sessions/api-keys.service.js';
import { Budgets } from './sessions/budgets.js';
import { SessionController } from './sessions/session.controller.js';
import { SessionsService } from './sessions/sessions.service.js';
import { purgeSignIns } from './sign-in/purge-sign-ins.job.js';
import { SignInMailJob } from './sign-in/sign-in-mail.job.js';
import { SignInMailLimits } from './sign-in/sign-in-mail-limits.js';
import { SignInController } from './sign-in/sign-in.controller.js';
import { SignInService } from './sign-in/sign-in.service.js';
import { SiteController } from './sign-in/site.controller.js';

@Global()
@Module({
  controllers: [SignInController, SiteController, SessionController, MeController, ReaderRelationsController],
  providers: [
    SessionsService,
    SignInMailLimits,
    SignInService,
    SignInMailJob,
    NamesService,
    AccountsService,
    AccountEvents,
    Budgets,
    FollowsService,
    RolesAndBansService,
    ApiKeysService,
    purgeJobs(purgeSignIns),
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SessionsService, SignInService, AccountsService, AccountEvents, Budgets, FollowsService, ApiKeysService],
})
export class AccountsModule {}
