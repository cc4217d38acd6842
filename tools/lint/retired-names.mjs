// Names that terms of the field have replaced. The linter refuses them in code, and test/http/repository.spec.ts
// refuses them in file names.
const word = (text) => new RegExp(`^${text}$`);

export const retiredNames = [
  { pattern: /^Hints?$|^onHint$|^[a-z]+Hints$/, instead: 'an event is published on EventBus' },
  { pattern: /doorbell/i, instead: 'PostgresNotifyTransport carries events between processes' },
  { pattern: /^heed$|^heard$|^heardOf$/, instead: 'an event or a callback is handled: handleEvent, receive' },
  { pattern: word('StaffMarks'), instead: 'StaffChangeTokens' },
  { pattern: word('Look'), instead: 'CoalescedPoll' },
  { pattern: word('Stretch'), instead: 'LogRange on the server, Frame on the wire and in the client' },
  {
    pattern: /^(Touched|Source|Live|Session|Notice|Store|Outcome|Answer|Standing|Wanted)$/,
    instead: 'say of what: TouchedDonations, PageSession, PushNotice',
  },
  {
    pattern: /^(GivingService|ViewingService|InboxService|StandingService|ReactionsFolder|MailBudget)$/,
    instead: 'see the services named for their verbs',
  },
  { pattern: /^(Ways|Rooms)$/, instead: 'Callbacks, or the list by its name' },
  {
    pattern: /^(Town|town|World|world|PushBox|PushServices|Merchant)$/,
    instead: 'DonationsFixture, ApiFixture, BrowserFixture, FakePushService, StripeFixture',
  },
  {
    pattern: /^(Rooted|peopleStyles|prose|Enrolment|enrol|Memory|Remembered|Visits)$/,
    instead: 'IsolatedElement, personStyles, commentBody, BrowserSubscription, AlertStorage, VisitCheck',
  },
  {
    pattern: /^(Giving|giving|Intents|GiftRequest)$/,
    instead: 'DonationForm, DonationAttempts, NewDonation',
  },
  {
    pattern: /^(Workbench|Judging|Decider|Teller|Kept|Verdict|Entrance|Dispatch)$/,
    instead: 'ModerationPage, DecisionSender, decision-messages, UnsavedDecisions, DecisionForm, SignInView',
  },
  { pattern: /^(Cadence|cadence)$/, instead: 'Backoff' },
  { pattern: /^(queueMark|[a-z]+Marks)$/, instead: 'a change token' },
  { pattern: /^(guardian|Guardian)$/, instead: 'killOrphansIn' },
  { pattern: /^(wrongs|lived)$/, instead: 'say what the values are: invalidBodies, uptime' },
  { pattern: word('tell'), instead: 'events.publish, or textOf(problem) for the text of a problem' },
  { pattern: /^(Life|startOutside|whereToGo)$/, instead: 'ProcessLifecycle, startStandIns, banner' },
];

/** Names of files and folders that may not come back, without the ending. */
export const retiredFiles = new Set(
  `hints hint doorbell look staff-marks queue-mark standing standing.service giving giving.service viewing viewing.service
  intent donate-giving facts inbox inbox.service ask-session ask-session.job gift-table gift-check reactions.folder
  told-replies told-replies.job deleted-reports deleted-reports.job request-guards request-guards.job workbench judging
  decider teller kept verdict bits entrance entrance.view dispatch rooted cadence enrolment memory visits prose
  people-styles guardian world town merchant push-box push-services wrongs lived life life.also outside
  where-to-go`.split(/\s+/),
);

/** Returns the retired name in a path, or undefined. @param path relative to the repository, with slashes */
export const retiredNameIn = (path) =>
  path
    .split('/')
    .map((it) => it.replace(/(\.(spec|test|d))?\.[cm]?[jt]sx?$/, ''))
    .find((it) => retiredFiles.has(it));
