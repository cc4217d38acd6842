import { OnDemand } from '../common/on-demand.js';

/** The code of what a reader does in a conversation. It is loaded when the reader reaches for the conversation. */
export const interaction = new OnDemand(() => import('./interaction.js'));
