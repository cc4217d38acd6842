// The one script that a publisher's page loads: `<script type="module" src="ROSTRA/embed.js"></script>`. It defines the
// elements. The lazy elements (common/lazy.ts) are loaded by pages that have them, and what only an interaction needs
// when the reader reaches for it (common/on-demand.ts).
import { RostraAccount } from './account/rostra-account.js';
import { Composer } from './comments/composer.js';
import { RostraComments } from './comments/rostra-comments.js';
import { RostraCount } from './count/rostra-count.js';
import { defineLazy } from './common/lazy.js';

const elements = {
  'rostra-account': RostraAccount,
  'rostra-composer': Composer,
  'rostra-comments': RostraComments,
  'rostra-count': RostraCount,
};

// A page may load the script twice.
for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

// Each lazy element has a size budget of its own, by the name of its chunk (tools/size-budget.mjs).
defineLazy(
  'rostra-alerts',
  ['topics', 'service-worker', 'heading', 'often'],
  () => import('./alerts/rostra-alerts.js'),
  'RostraAlerts',
);
defineLazy('rostra-donate', ['article', 'country'], () => import('./donate/rostra-donate.js'), 'RostraDonate');
defineLazy('rostra-following', [], () => import('./following/rostra-following.js'), 'RostraFollowing');
