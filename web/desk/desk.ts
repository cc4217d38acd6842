import { deskPages } from './desk-pages.js';
import { defineDesk } from './shell/desk-element.js';

defineDesk(deskPages);
