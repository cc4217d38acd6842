// The script of pages that show counts only: `<script type="module" src="ROSTRA/count.js"></script>`. It is one small
// file. A page may load it beside embed.js, which defines the same element.
import { RostraCount } from './count/rostra-count.js';

if (!customElements.get('rostra-count')) customElements.define('rostra-count', RostraCount);
