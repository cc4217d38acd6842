// Jest knows how long a file takes only from an earlier run. On a fresh clone the longest files would therefore begin
// last, and one worker would still be busy with them when the others have nothing left to do.
const Sequencer = require('@jest/test-sequencer').default;

// The smoke start builds the product on a fresh clone, and the browser specs wait for that build. The files between
// them use the time.
const LONG = ['boot/npm-start', 'browser/', 'http/bad-input', 'system/donation-events', 'system/npm-start'];
const rankOf = ({ path }) => {
  const rank = LONG.findIndex((it) => path.replaceAll('\\', '/').includes(`/test/${it}`));
  return rank === -1 ? LONG.length : rank;
};

class LongFilesFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rankOf(a) - rankOf(b));
  }
}

module.exports = LongFilesFirst;
