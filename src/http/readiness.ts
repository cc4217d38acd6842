import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Becomes "not ready" when a shutdown begins, so that a load balancer stops sending requests first. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  stopping = false;

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}
