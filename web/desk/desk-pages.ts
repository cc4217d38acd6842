import { AlertsPage } from './alerts/alerts-page.js';
import { DecisionsPage } from './moderation/decisions-page.js';
import { HeldPage } from './moderation/held/held-page.js';
import { Moderation } from './moderation/moderation.js';
import { ReportedPage } from './moderation/reported-page.js';
import { SettingsPage } from './settings/settings-page.js';
import type { CreatePages } from './shell/page.js';

/** The pages of the desk, in the order of the navigation. The first one is where the desk opens. */
export const deskPages: CreatePages = (shell) => {
  const moderation = new Moderation(shell);
  return [
    new ReportedPage(moderation),
    new HeldPage(shell),
    new DecisionsPage(moderation),
    new AlertsPage(shell),
    new SettingsPage(shell),
  ];
};
