import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { AccessGuard } from './access.js';
import { AccountEvents } from './accounts.events.js';
import { AccountsService } from './accounts.service.js';
import { ApiKeysService } from './api-keys.service.js';
import { FollowsService } from './follows.service.js';
import { MailBudget } from './mail-budget.js';
import { MeController, ReaderRelationsController } from './me.controller.js';
import { SessionController } from './session.controller.js';
import { SessionsService } from './sessions.service.js';
import { SignInController } from './sign-in.controller.js';
import { SignInMailJob } from './sign-in-mail.job.js';
import { SignInService } from './sign-in.service.js';
import { StandingService } from './standing.service.js';

@Global()
@Module({
  controllers: [SignInController, SessionController, MeController, ReaderRelationsController],
  providers: [
    SessionsService,
    MailBudget,
    SignInService,
    SignInMailJob,
    AccountsService,
    AccountEvents,
    FollowsService,
    StandingService,
    ApiKeysService,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [SessionsService, SignInService, AccountsService, AccountEvents, FollowsService, ApiKeysService],
})
export class AccountsModule {}
