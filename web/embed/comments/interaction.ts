// This chunk holds the code that only an interaction with a comment needs, and what the newsroom says there.
import './held-texts.js';

export { tellPosted, tellSaved } from './acts.js';
export { ConversationWrites } from './conversation-writes.js';
export { houseMessage, houseNote } from './house-texts.js';
export { closeMenus } from './menus.js';
export { panelStyles } from './panel.styles.js';
export { openPanel } from './panels.js';
export { openPopup } from './popups.js';
