// What only an interaction with a comment needs, as one chunk.
export { ConversationWrites } from './conversation-writes.js';
export { closeMenus } from './menus.js';
export { panelStyles } from './panel.styles.js';
export { openPanel } from './panels.js';
export { openPopup } from './popups.js';
