import type { Bidi } from './bidi.js';
import { until } from './until.js';

/** A selector, limited to elements whose own text or label contains a text. */
export interface Target {
  readonly selector: string;
  readonly text?: string;
}

/** Finds the first visible element that fits, also in open shadow roots. It runs in the page. */
function find({ selector, text }: Target): HTMLElement | undefined {
  const fitting = (root: Document | ShadowRoot): HTMLElement[] =>
    [...root.querySelectorAll<HTMLElement>('*')].flatMap((it) => [
      ...(it.matches(selector) ? [it] : []),
      ...(it.shadowRoot ? fitting(it.shadowRoot) : []),
    ]);
  return fitting(document).find((it) => {
    const words = `${it.getAttribute('aria-label') ?? ''} ${it.textContent ?? ''}`.replace(/\s+/g, ' ');
    return it.checkVisibility({ visibilityProperty: true }) && (text === undefined || words.includes(text));
  });
}

/** A tab of Firefox. Every action on an element waits for it first. */
export class FirefoxTab {
  constructor(
    private readonly bidi: Bidi,
    private readonly context: string,
  ) {}

  async go(url: string): Promise<void> {
    await this.bidi.send('browsingContext.navigate', { context: this.context, url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.bidi.send('browsingContext.reload', { context: this.context, wait: 'complete' });
  }

  /** Runs a function in the page. It sees only its arguments, and its result is JSON. */
  evaluate<Result, Args extends unknown[]>(
    what: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    return this.bidi.call(this.context, what, ...args);
  }

  /** Runs a function in each page of the tab before the page's own scripts. */
  async beforeScripts(what: () => void): Promise<void> {
    const contexts = [this.context];
    await this.bidi.send('script.addPreloadScript', { functionDeclaration: String(what), contexts });
  }

  async front(): Promise<void> {
    await this.bidi.send('browsingContext.activate', { context: this.context });
  }

  /** Waits until an element is visible. */
  async sees(target: Target): Promise<void> {
    await this.locate(target);
  }

  /** Whether such an element is visible now. */
  async matches(target: Target): Promise<boolean> {
    return (await this.bidi.element(this.context, find, target)) !== undefined;
  }

  /** Clicks the middle of the visible part of an element with the mouse. */
  async click(target: Target): Promise<void> {
    await this.front();
    const element = await this.locate(target);
    const origin = { type: 'element', element };
    await this.bidi.send('input.performActions', {
      context: this.context,
      actions: [
        {
          type: 'pointer',
          id: 'mouse',
          actions: [
            { type: 'pointerMove', x: 0, y: 0, origin },
            { type: 'pointerDown', button: 0 },
            { type: 'pointerUp', button: 0 },
          ],
        },
      ],
    });
  }

  /** Clicks a field and types, key by key. */
  async type(target: Target, text: string): Promise<void> {
    await this.click(target);
    const actions = Array.from(text).flatMap((value) => [
      { type: 'keyDown', value },
      { type: 'keyUp', value },
    ]);
    await this.bidi.send('input.performActions', {
      context: this.context,
      actions: [{ type: 'key', id: 'keys', actions }],
    });
  }

  async screenshot(): Promise<Buffer> {
    const { data } = await this.bidi.send<{ data: string }>('browsingContext.captureScreenshot', {
      context: this.context,
    });
    return Buffer.from(data, 'base64');
  }

  private locate(target: Target): Promise<{ sharedId: string }> {
    return until(
      `${target.selector} ${target.text ?? ''}`,
      async () => {
        const element = await this.bidi.element(this.context, find, target);
        if (element) await this.bidi.send('script.callFunction', scrolling(this.context, element));
        return element;
      },
      20_000,
    );
  }
}

const scrolling = (context: string, element: { sharedId: string }): unknown => ({
  functionDeclaration: "(it) => it.scrollIntoView({ block: 'center', behavior: 'instant' })",
  arguments: [element],
  target: { context },
  awaitPromise: false,
});
