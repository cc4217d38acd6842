import { lookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { Injectable } from '@nestjs/common';
import { buildConnector } from 'undici';
import { guardedLookup, isLoopback, isPublicAddress } from './push-addresses.js';
import type { PushEndpoint } from './push-endpoint.js';

const CONNECT_MS = 10_000;

/** The way out into the world, and the one place where a test leads it elsewhere. */
@Injectable()
export class PushNetwork {
  /** Resolves names as the machine does. */
  protected resolve: LookupFunction = lookup as LookupFunction;

  /** Opens connections to one origin, to addresses that pass only. */
  connector(endpoint: PushEndpoint): buildConnector.connector {
    return buildConnector({ timeout: CONNECT_MS, lookup: this.lookupFor(endpoint) });
  }

  protected lookupFor(endpoint: PushEndpoint): LookupFunction {
    return guardedLookup((...it) => this.resolve(...it), endpoint.standIn ? isLoopback : isPublicAddress);
  }
}
