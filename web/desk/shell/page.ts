import type { CSSResultGroup, TemplateResult, nothing } from 'lit';
import type { Account } from '../../shared/contract.js';
import type { Signal } from '../../shared/page/signals.js';
import type { DeskSession } from './session.js';
import type { Notices } from './notices.js';
import type { Route } from './route.js';

type Content = TemplateResult | typeof nothing;

/** Keys and what they do, as the help lists them. */
export interface KeyGroup {
  title: string;
  rows: readonly KeyRow[];
}

export type KeyRow = readonly [keys: readonly string[], text: string];

/** The parts that a page draws: its list, and the entry that is open beside it. */
export interface PageView {
  list: Content;
  /** Label of the link from the open entry to the list, on a phone. */
  back: string;
  heading: string;
  /** Content after the heading. The key O opens a link of the class `page`. */
  afterHeading?: Content;
  body: Content;
  aside: { label: string; name?: string; content: Content };
  /** The buttons below the body. */
  actions: Content;
  /** True if no entry is open, so that there is nothing to show aside. */
  bare: boolean;
}

/** An action that happens by itself in a few seconds. Every page shows it and takes its keys. */
export interface Countdown {
  view: TemplateResult;
  /** @returns whether the key was meant for it */
  press(key: string): boolean;
  undo(): void;
}

/**
 * A page of the desk. The shell knows pages by this interface only; web/desk/desk-pages.ts lists them. A page is made
 * once and lives as long as the desk.
 */
export interface DeskPage {
  /** The first part of the address (`#reported/<id>`) and a class of the layout. */
  readonly name: string;
  /** The view whose notices it shows; absent: its name. Pages that share their entries share their notices. */
  readonly noticeView?: string;
  /** The entry in the navigation. */
  readonly label: string;
  /** The number or progress beside the entry. */
  readonly count?: string | undefined;
  /** How many entries wait for the staff; the title of the browser's tab shows the sum over all pages. */
  readonly waiting?: number;
  readonly styles: CSSResultGroup;
  readonly keys: KeyGroup;
  /** The live events that this page handles, by their name on the socket. */
  readonly events: Readonly<Partial<Record<Signal, () => Promise<void>>>>;
  readonly countdown?: Countdown | undefined;
  /** True while closing the browser's tab would lose something: the browser asks first. */
  readonly blocksUnload?: boolean;
  /** Sentences for the sign-in form about work that the end of a session left unsaved. */
  readonly unsaved?: readonly string[];
  /** When the list was read last, in milliseconds. The navigation shows it while the server cannot be reached. */
  readonly readAt?: number | undefined;
  /** True if the last attempt to read the list got no answer. */
  readonly isOffline?: boolean;
  /** True if the focus moves to the main part when the focused element has gone. */
  readonly restoresFocus?: boolean;

  isOpenTo(account: Account): boolean;
  /** An account that may use this page has signed in. */
  begin?(account: Account): void;
  /** Nobody who may use this page is signed in any more: its data leave the browser. */
  end?(): void;
  /** Reads again what the page shows, after the tab or the network was away. */
  refresh(): Promise<void>;
  /** The address leads to this page, or to another entry of it. */
  enter(id: string | null): void;
  /** The address has led to another page. */
  leave?(): void;
  /** Opens the entry before or after the open one. */
  step(by: 1 | -1): void;
  /** A key was pressed while this page is in view. @returns whether the key was meant for it */
  press(key: string, typing: boolean): boolean;
  view(): PageView;
}

/** The shell's functions for its pages. */
export interface Shell {
  readonly session: DeskSession;
  readonly notices: Notices;
  readonly route: Route;
  /** True if the list and an entry stand side by side, so that one entry is always open. */
  readonly isWide: boolean;
  /** Counts presses of keys and pointers. */
  readonly inputs: number;
  /** Opens an entry as a new step of the browser's history. */
  push(page: string, id: string | null): void;
  /** Opens an entry in place of the present step of the history. */
  replace(page: string, id: string | null): void;
  /** Has a text read aloud to people who do not see the screen. */
  announce(text: string): void;
  /** Undoes the running countdown of any page. @returns whether there was one */
  undoCountdown(): boolean;
  /** The page has changed and is drawn again. */
  redraw(): void;
}

export type CreatePages = (shell: Shell) => readonly DeskPage[];
