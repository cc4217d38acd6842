import { Parser } from 'htmlparser2';
import { cleanText } from '../text/plain-text.js';

/** What a page says of itself in its head. */
export interface PageFacts {
  /** og:title, or else the title; empty when there is neither. */
  title: string;
  /** The address of its canonical link, as written. */
  canonical: string | undefined;
}

const LONGEST_TITLE = 300;

/** Reads the head of a page while it arrives. */
export class PageHead {
  /** Whether the head is over, so that nothing more needs to be read. */
  done = false;
  private title = '';
  private ogTitle = '';
  private canonical: string | undefined;
  private inTitle = false;
  private readonly parser = new Parser(
    {
      onopentag: (name, { property, name: meta, content = '', rel = '', href }) => {
        if (name === 'title' && !this.title) this.inTitle = true;
        if (name === 'meta' && (property ?? meta) === 'og:title') this.ogTitle ||= content;
        if (name === 'link' && href && rel.toLowerCase().split(/\s+/).includes('canonical')) this.canonical ??= href;
        if (name === 'body') this.done = true;
      },
      ontext: (text) => {
        if (this.inTitle) this.title += text;
      },
      onclosetag: (name) => {
        if (name === 'title') this.inTitle = false;
        if (name === 'head') this.done = true;
      },
    },
    { decodeEntities: true },
  );

  write(text: string): void {
    this.parser.write(text);
  }

  end(): PageFacts {
    this.parser.end();
    const line = (text: string): string =>
      cleanText(text.slice(0, LONGEST_TITLE * 4).toWellFormed())
        .replace(/\s+/g, ' ')
        .trim()
        .slice(0, LONGEST_TITLE)
        .toWellFormed();
    return { title: line(this.ogTitle) || line(this.title), canonical: this.canonical };
  }
}
