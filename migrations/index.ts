import { CreateAccounts1764000000000 } from './1764000000000-create-accounts.js';
import { CreateArticles1764000001000 } from './1764000001000-create-articles.js';
import { CreateComments1764000002000 } from './1764000002000-create-comments.js';
import { CreateModeration1764000003000 } from './1764000003000-create-moderation.js';
import { CreateRequestGuards1764000004000 } from './1764000004000-create-request-guards.js';
import { IndexReportsByAccount1764000005000 } from './1764000005000-index-reports-by-account.js';
import { CreatePush1764000006000 } from './1764000006000-create-push.js';
import { CreateAlerts1764000007000 } from './1764000007000-create-alerts.js';
import { CreateDonations1764000008000 } from './1764000008000-create-donations.js';
import { FinishDonations1764000009000 } from './1764000009000-finish-donations.js';
import { DateTheLog1764000010000 } from './1764000010000-date-the-log.js';
import { IndexAuthorsOfArticles1764000011000 } from './1764000011000-index-authors-of-articles.js';
import { PlaceReactions1764000011001 } from './1764000011001-place-reactions.js';
import { RecordTheOperator1764000011002 } from './1764000011002-record-the-operator.js';
import { DoubtBatches1764000012000 } from './1764000012000-doubt-batches.js';
import { CreateAuditLog1764000013000 } from './1764000013000-create-audit-log.js';
import { CompleteRenamedPurges1764000014000 } from './1764000014000-complete-renamed-purges.js';
import { KeepRemovalReasons1764000015000 } from './1764000015000-keep-removal-reasons.js';
import { NormaliseAddresses1764000016000 } from './1764000016000-normalise-addresses.js';
import { KnowCustomers1764000025000 } from './1764000025000-know-customers.js';
import { ProveDonations1764000026000 } from './1764000026000-prove-donations.js';
import { TellSubscriptions1764000027000 } from './1764000027000-tell-subscriptions.js';
import { KnowPaymentIntents1764000028000 } from './1764000028000-know-payment-intents.js';
import { AllowUnknownTimeZones1764000029000 } from './1764000029000-allow-unknown-time-zones.js';
import { CreateRecentTexts1764000040000 } from './1764000040000-create-recent-texts.js';
import { BindSignInLinksToBrowsers1764000041000 } from './1764000041000-bind-sign-in-links-to-browsers.js';
import { GiveAccountsPublicIds1764000042000 } from './1764000042000-give-accounts-public-ids.js';
import { SayWhoseTitles1764000043000 } from './1764000043000-say-whose-titles.js';
import { CreateJobWorkers1764000044000 } from './1764000044000-create-job-workers.js';
import { HideDeletedBranches1764000045000 } from './1764000045000-hide-deleted-branches.js';
import { CreateSettings1764000050000 } from './1764000050000-create-settings.js';
import { FreeReasons1764000052000 } from './1764000052000-free-reasons.js';
import { LabelRemovals1764000052001 } from './1764000052001-label-removals.js';
import { CreateLearner1764000053000 } from './1764000053000-create-learner.js';
import { CreateHeldComments1764000054000 } from './1764000054000-create-held-comments.js';

/** In order. A migration that has landed is never changed; add one. */
export const migrations = [
  CreateAccounts1764000000000,
  CreateArticles1764000001000,
  CreateComments1764000002000,
  CreateModeration1764000003000,
  CreateRequestGuards1764000004000,
  IndexReportsByAccount1764000005000,
  CreatePush1764000006000,
  CreateAlerts1764000007000,
  CreateDonations1764000008000,
  FinishDonations1764000009000,
  DateTheLog1764000010000,
  IndexAuthorsOfArticles1764000011000,
  PlaceReactions1764000011001,
  RecordTheOperator1764000011002,
  DoubtBatches1764000012000,
  CreateAuditLog1764000013000,
  CompleteRenamedPurges1764000014000,
  KeepRemovalReasons1764000015000,
  NormaliseAddresses1764000016000,
  KnowCustomers1764000025000,
  ProveDonations1764000026000,
  TellSubscriptions1764000027000,
  KnowPaymentIntents1764000028000,
  AllowUnknownTimeZones1764000029000,
  CreateRecentTexts1764000040000,
  BindSignInLinksToBrowsers1764000041000,
  GiveAccountsPublicIds1764000042000,
  SayWhoseTitles1764000043000,
  CreateJobWorkers1764000044000,
  HideDeletedBranches1764000045000,
  CreateSettings1764000050000,
  FreeReasons1764000052000,
  LabelRemovals1764000052001,
  CreateLearner1764000053000,
  CreateHeldComments1764000054000,
];
