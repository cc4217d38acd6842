import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { buildConnector } from 'undici';
import { guardedLookup, isLoopback, isPublicAddress } from './push-addresses.js';
import type { PushEndpoint } from './push-endpoint.js';

const CONNECT_MS = 10_000;

/** Opens connections to push services. Tests replace this class. */
@Injectable()
export class PushNetwork {
  /** Resolves host names with the operating system's resolver. */
  protected resolve: LookupFunction = lookup as LookupFunction;

  /** A connector for one origin that connects only to addresses which pass. */
  connector(endpoint: PushEndpoint): buildConnector.connector {
    return buildConnector({ timeout: CONNECT_MS, lookup: this.lookupFor(endpoint) });
  }

  protected lookupFor(endpoint: PushEndpoint): LookupFunction {
    return guardedLookup((...it) => this.resolve(...it), endpoint.standIn ? isLoopback : isPublicAddress);
  }
}
