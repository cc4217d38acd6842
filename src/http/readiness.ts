import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';

/** Turns "not ready" as soon as a shutdown begins, so that a load balancer looks elsewhere first. */
@Injectable()
export class Readiness implements BeforeApplicationShutdown {
  stopping = false;

  beforeApplicationShutdown(): void {
    this.stopping = true;
  }
}
