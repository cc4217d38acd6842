// Jest gives every spec file a global scope and a module registry of its own, so each of fifty files loads Nest, TypeORM
// and the app again, which takes more CPU than its tests. Here the files that one worker runs share the scope, and
// shared-runtime.cjs keeps what they loaded.
const { TestEnvironment } = require('jest-environment-node');

/**
 * Specs with a scope of their own: those of test/web put a browser's document into it, and the one of CONTRIBUTING.md
 * declares a limit that no other file may see.
 */
const OWN_SCOPE = /[/\\]test[/\\](web[/\\]|http[/\\]contributing\.spec)/;

let shared;

class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    const isShared = !OWN_SCOPE.test(context.testPath);
    if (isShared && shared) return shared;
    super(config, context);
    this.isShared = isShared;
    if (isShared) shared = this;
  }

  async teardown() {
    if (!this.isShared) return super.teardown();
    // Fake timers that a file left installed would stop the next one.
    this.fakeTimers?.useRealTimers();
    this.fakeTimersModern?.useRealTimers();
    // The state of this file's test runner. The next file gets a runner of its own.
    for (const symbol of Object.getOwnPropertySymbols(this.global))
      if (/^(JEST_STATE_SYMBOL|EVENT_HANDLERS)$/.test(symbol.description)) delete this.global[symbol];
  }
}

module.exports = SharedEnvironment;
