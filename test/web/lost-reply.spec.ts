import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
const { session } = await import('../../web/embed/common/page.js');
const { Composer } = await import('../../web/embed/comments/composer.js');
const { drafts } = await import('../../web/embed/comments/drafts.js');

const account = { id: 'author-own', displayName: 'Me', role: 'reader', emailVerified: true, supporter: false } as const;
const name = 'ferries/a';

/** The field without its drawing. */
class Field extends Composer {
  override requestUpdate(): void {}

  press(): void {
    const { values } = this.render() as unknown as { values: [submitted: (event: Event) => void] };
    values[0](new Event('submit'));
  }
}

/** Sends a reply whose answer is lost, in a field that is closed then. @returns what says that it arrived all the same */
async function sent(text: string): Promise<() => boolean> {
  session.set(account);
  drafts.write(name, { text }, account.id);
  const field = Object.assign(new Field(), { name, isConnected: true });
  let arrived: () => boolean = () => false;
  field.send = (_text, _key, it) => {
    arrived = it;
    return Promise.reject(new TypeError('lost'));
  };
  field.connectedCallback();
  field.press();
  await until('the end of the sending', () => !field.busy);
  field.disconnectedCallback();
  Object.assign(field, { isConnected: false });
  return arrived;
}

afterEach(() => session.set(null));

describe('a reply that arrives after its field was closed and opened again', () => {
  it('leaves the draft alone when the reader wrote another text', async () => {
    const arrived = await sent('The ferry was full.');
    drafts.write(name, { text: 'The ferry was late.' }, account.id);
    expect(arrived()).toBe(false);
    expect(drafts.read(name, account.id).text).toBe('The ferry was late.');
  });

  it('empties the draft when the reader did not change the text', async () => {
    const arrived = await sent('The ferry was full.');
    expect(drafts.read(name, account.id).text).toBe('The ferry was full.');
    expect(arrived()).toBe(true);
    expect(drafts.read(name, account.id).text).toBe('');
  });
});
