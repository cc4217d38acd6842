import type { Schemas } from '../../shared/contract.js';
import { coalesce, Observable } from '../../shared/observable.js';
import { OTHER, readReasons } from './moderation.api.js';

type SiteReasons = Schemas['DeskReasons']['sites'][number];

/** The reasons of all sites, which the newsroom sets. Those that were taken out keep their labels. */
class Reasons extends Observable {
  #sites: readonly SiteReasons[] = [];

  get isRead(): boolean {
    return this.#sites.length > 0;
  }

  /** Reads the reasons again. When that fails, those that were read before stay. */
  readonly refresh = coalesce(async () => {
    try {
      this.#sites = (await readReasons()).sites;
    } catch {
      return;
    }
    this.changed();
  });

  /** The ids that a decision on a comment of this article may give, in the order of the form. */
  choices(url: string | undefined): readonly string[] {
    return this.#siteOf(url)?.choices ?? ONLY_OTHER;
  }

  /** The label of an id at the article's site. Without an address it is that of the first site that has the id. */
  label(id: string, url?: string): string | undefined {
    const own = url === undefined ? undefined : this.#siteOf(url)?.labels[id];
    return own ?? this.#sites.find((it) => it.labels[id])?.labels[id];
  }

  #siteOf(url = ''): SiteReasons | undefined {
    const origin = URL.canParse(url) ? new URL(url).origin : '';
    return this.#sites.find((it) => it.origins.includes(origin)) ?? this.#sites.find((it) => it.site === null);
  }
}

const ONLY_OTHER = [OTHER];

export const reasons = new Reasons();
