// This chunk holds the code that only an interaction with a comment needs.
export { ConversationWrites } from './conversation-writes.js';
export { closeMenus } from './menus.js';
export { panelStyles } from './panel.styles.js';
export { openPanel } from './panels.js';
export { openPopup } from './popups.js';
