// The one script that a publisher's page loads: `<script type="module" src="ROSTRA/embed.js"></script>`. It defines the
// elements. The sign-in dialog and the lazy elements (common/lazy.ts) are loaded when they are needed.
import { RostraAccount } from './account/rostra-account.js';
import { Composer } from './comments/composer.js';
import { RostraComments } from './comments/rostra-comments.js';
import { RostraCount } from './count/rostra-count.js';
import { RostraFollowing } from './following/rostra-following.js';
import { defineLazy } from './common/lazy.js';

const elements = {
  'rostra-account': RostraAccount,
  'rostra-composer': Composer,
  'rostra-comments': RostraComments,
  'rostra-count': RostraCount,
  'rostra-following': RostraFollowing,
};

// A page may load the script twice.
for (const [name, element] of Object.entries(elements)) {
  if (!customElements.get(name)) customElements.define(name, element);
}

// Each lazy element has a size budget of its own, by the name of its chunk (tools/size-budget.mjs).
defineLazy('rostra-alerts', ['topics', 'service-worker', 'heading', 'often'], async () => {
  return (await import('./alerts/rostra-alerts.js')).RostraAlerts;
});
defineLazy('rostra-donate', ['article', 'country'], async () => {
  return (await import('./donate/rostra-donate.js')).RostraDonate;
});
