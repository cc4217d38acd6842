import { html } from 'lit';
import { linkify } from '../common/linkify.js';

/** Draws one paragraph of the newsroom's plain text, with its line breaks and links. */
export const paragraph = (text: string): unknown =>
  linkify(text).map(({ text: part, href }) =>
    href
      ? html`<a href=${href} target="_blank" rel="noopener noreferrer">${part}</a>`
      : part.split('\n').map((line, at) => (at ? html`<br />${line}` : line)),
  );
