import { afterStart, endOf, lastLines, nameOf, type Scene } from './container-scene';
import type { Finding } from './diagnosis';
import { containerField } from './facts';
import { lastWordsOf } from './last-words';
import { killedByProbe } from './killed-by-probe';

/** A shell reports a program that a signal ended as 128 and the signal's number (signal(7)). */
const SIGNALS: Readonly<Record<number, string>> = {
  134: 'it aborted (SIGABRT)',
  135: 'it touched memory that is not there (SIGBUS)',
  136: 'it failed in arithmetic (SIGFPE)',
  137: 'it was killed (SIGKILL)',
  139: 'it touched memory that is not its own (SIGSEGV)',
  143: 'it was told to end (SIGTERM)',
};
const KILLED = 137;
const TERMINATED = 143;

/** A container that ran and came to an end that nobody wanted. */
export function crash(scene: Scene): Finding | undefined {
  const ended = endOf(scene.container);
  if (ended === undefined || (scene.container.isInit && ended.exitCode === 0)) return undefined;
  return (
    killedByProbe(scene) ?? (ended.exitCode === 0 ? endedByItself(scene) : endedWith(scene, ended.exitCode))
  );
}

function endedWith(scene: Scene, exitCode: number): Finding {
  const lines = lastLines(scene.container);
  const words = lastWordsOf(lines);
  const signal = SIGNALS[exitCode];
  const isKilled = exitCode === KILLED || exitCode === TERMINATED;
  return {
    cause: isKilled ? 'killed' : 'crash',
    explanation:
      `${nameOf(scene)} ended with exit code ${exitCode}${signal === undefined ? '' : `, ${signal}`}${afterStart(scene)}` +
      (words === undefined ? ' and wrote nothing' : `: ${words.said}`),
    fix:
      words?.fix ??
      (words === undefined
        ? SILENT
        : isKilled
          ? OUTSIDE
          : 'mend what its last words say; the evidence holds the lines before'),
  };
}

const SILENT =
  'run the image by hand to see why; where it runs Python, set PYTHONUNBUFFERED=1, or what it prints is lost when it dies';
const OUTSIDE =
  'look at the node: something outside the container ended it, such as a lack of memory on the node';

const endedByItself = (scene: Scene): Finding => ({
  cause: 'ended',
  explanation: `${nameOf(scene)} ended by itself with exit code 0${afterStart(scene)}; a server has to go on`,
  fix: `let \`${containerField(scene.container.name, 'command')}\` start the server in the foreground`,
});
