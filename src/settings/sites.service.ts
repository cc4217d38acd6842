import { Injectable } from '@nestjs/common';
import { Config } from '../config/config.js';
import type { SiteKey } from './setting.js';
import { Settings } from './settings.service.js';
import { siteColor, siteLogo, siteName, siteOrigins } from './site.settings.js';

/** A site as its pages and mails show it. */
export interface SiteLook {
  name: string;
  /** The address of its logo. */
  logo: string | undefined;
  /** Its colour, `#rrggbb`. */
  color: string | undefined;
}

/** Knows which origins may call Rostra, which site each belongs to, and how sites look. */
@Injectable()
export class Sites {
  /** The origins of all logos, for the policy of pages that show them. A change makes another array. */
  logoOrigins: readonly string[] = [];
  /** The site of each origin; null for the installation's own. */
  private byOrigin: ReadonlyMap<string, SiteKey> = new Map();

  constructor(
    private readonly settings: Settings,
    private readonly config: Config,
  ) {
    this.read();
    settings.onChange(() => this.read());
  }

  /** Whether pages of this origin may call Rostra. */
  allows(origin: string): boolean {
    return this.byOrigin.has(origin);
  }

  /** The site of an origin; null, the installation, for those that no site has. */
  of(origin: string | undefined): SiteKey {
    return (origin !== undefined && this.byOrigin.get(origin)) || null;
  }

  /** The site of an address; null, the installation, for what is no address. */
  ofUrl(url: string | null): SiteKey {
    return url !== null && URL.canParse(url) ? this.of(new URL(url).origin) : null;
  }

  look(site: SiteKey): SiteLook {
    return {
      name: this.settings.get(siteName, site),
      logo: this.settings.get(siteLogo, site) ?? undefined,
      color: this.settings.get(siteColor, site) ?? undefined,
    };
  }

  /** The names of all sites, so that no reader takes one. */
  names(): string[] {
    return [null, ...this.settings.sites].map((it) => this.settings.get(siteName, it));
  }

  private read(): void {
    const logos = [null, ...this.settings.sites].flatMap((it) => this.settings.get(siteLogo, it) ?? []);
    this.logoOrigins = [...new Set(logos.map((it) => new URL(it).origin))];
    const byOrigin = new Map<string, SiteKey>([...this.config.allowedOrigins].map((it) => [it, null]));
    for (const site of [null, ...this.settings.sites])
      for (const origin of this.settings.own(siteOrigins, site) ?? []) byOrigin.set(origin, site);
    this.byOrigin = byOrigin;
  }
}
