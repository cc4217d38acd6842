// Jest knows how long a file takes only from an earlier run. On a fresh clone the longest files would therefore begin
// last, and one worker would still be busy with them when the others have nothing left to do.
const Sequencer = require('@jest/test-sequencer').default;

const LONG = /[/\\]test[/\\](browser[/\\]|boot[/\\]npm-start\.|system[/\\](npm-start|roles|closed-homes)\.)/;

class LongFilesFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => LONG.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((it) => !isLong(it))];
  }
}

module.exports = LongFilesFirst;
