// Keeps packages and the product's own modules from one spec file to the next of a worker (shared-environment.cjs says
// why). The modules of test/ are loaded anew for each file, since they hold its tests and its own `it` and `expect`.
// Jest has no public way to do this: a new version of Jest may need a change here. Without the two lines in
// jest.config.js everything works as well, and takes longer.
const { AsyncLocalStorage } = require('node:async_hooks');
const { sep } = require('node:path');
const { pathToFileURL } = require('node:url');
const Runtime = require('jest-runtime').default;

const KEPT_FOLDERS = ['node_modules', 'src', 'stand-ins', 'migrations'];

/**
 * The storages that are in use. The test runner of each file makes one, and up to Node 22 every promise is shown to each
 * of them until it is disabled, which took a tenth of the run's CPU.
 */
const storages = new Set();
const run = Reflect.get(AsyncLocalStorage.prototype, 'run');
AsyncLocalStorage.prototype.run = function (...args) {
  storages.add(this);
  return run.apply(this, args);
};

class SharedRuntime extends Runtime {
  constructor(...args) {
    const [config, environment, , , , , testPath] = args;
    if (environment.runtime) return environment.runtime.beginFile(testPath);
    super(...args);
    if (!environment.isShared) return;
    environment.runtime = this;
    // Registries name CommonJS modules by path and others by URL.
    this.kept = KEPT_FOLDERS.flatMap((it) => [
      `${config.rootDir}${sep}${it}${sep}`,
      `${pathToFileURL(config.rootDir).href}/${it}/`,
    ]);
  }

  beginFile(testPath) {
    this._testPath = testPath;
    this.testState.state = 'loading';
    return this;
  }

  /** Called at the end of each file. */
  teardown() {
    if (this._environment.runtime !== this) {
      super.teardown();
      return;
    }
    this.restoreAllMocks();
    for (const it of storages) it.disable();
    storages.clear();
    for (const registry of [this.registries.esModuleRegistry, this.registries.moduleRegistry])
      for (const name of registry.keys()) if (!this.kept.some((it) => name.startsWith(it))) registry.delete(name);
    this.registries.internalModuleRegistry.clear();
    this.jestGlobals.clearJestObjectCache();
    this.jestGlobals.cachedEnvGlobals = undefined;
    this.testMainModule.reset();
    this.testState.leaveTestCode();
  }
}

module.exports = SharedRuntime;
