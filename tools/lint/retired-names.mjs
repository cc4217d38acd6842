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
    pattern: /^(Town|World|PushBox|PushServices|Merchant)$/,
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
  { pattern: word('tell'), instead: 'events.publish, or textOf(problem) for the text of a problem' },
  { pattern: /^(Life|startOutside|whereToGo)$/, instead: 'ProcessLifecycle, startStandIns, banner' },
];

/** File names (without their folders) that may not come back. */
export const retiredFiles =
  /^(hints|doorbell|look|staff-marks|standing\.service|giving\.service|viewing\.service|giving|intent|donate-giving|facts|inbox\.service|ask-session\.job|gift-table|gift-check|reactions\.folder|told-replies\.job|deleted-reports\.job|request-guards\.job|workbench|judging|decider|teller|kept|bits|entrance\.view|dispatch|standing|rooted|cadence|enrolment|memory|visits|prose|people-styles|guardian|world|town|merchant|push-box|life|outside|where-to-go)(\.(spec|d))?\.m?ts$|^(life|outside|where-to-go)\.mjs$/;
