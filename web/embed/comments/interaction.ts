// What only an interaction with a comment needs, as one chunk.
export { ConversationWrites } from './conversation-writes.js';
export { openPanel } from './panels.js';
