import { type Deaths, lastEnding } from './deaths';
import type { ContainerStatus } from './pod';

/** Restarts after which a container that keeps dying is given up, whatever it dies of. */
const CRASHES = 3;
/** After so many restarts already where each death was like the one before, and this has gone on for a while. */
const ALIKE_CRASHES = 2;
const ALIKE_MS = 30_000;

/**
 * Ends that another run of the same bytes meets again, and what to do about them. The second one is waited for
 * all the same: memory may have been short for a moment, and a first death costs no more than a second or two.
 */
function lastingCause(status: ContainerStatus): string | undefined {
  const { reason, exitCode } = lastEnding(status) ?? {};
  if (reason === 'OOMKilled') return 'raise its memory limit (resources.memory)';
  if (reason === 'StartError' || reason === 'ContainerCannotRun') {
    return "check the image's entrypoint and platform";
  }
  return exitCode === undefined ? undefined : LASTING_EXITS[exitCode];
}

/** Of a shell, 126 and 127 (POSIX); 128 + SIGILL. */
const LASTING_EXITS: Readonly<Record<number, string>> = {
  126: 'the file it is to run is not a program: correct its command',
  127: 'the program it is to run is not in the image: correct its command',
  132: "build the image for the nodes' processor",
};

/**
 * What to do about a container that dies again and again, or `undefined` while another start may come right:
 * one that dies once is always started again.
 */
export function crashRemedy(
  status: ContainerStatus,
  deaths: Deaths | undefined,
  now: number,
): string | undefined {
  if (!isDown(status) || status.restartCount === 0) return undefined;
  const lasting = lastingCause(status);
  if (lasting !== undefined) return lasting;
  const { alike = 0, since = now } = deaths ?? {};
  const isAlike = status.restartCount >= ALIKE_CRASHES && alike >= ALIKE_CRASHES && now - since >= ALIKE_MS;
  return status.restartCount >= CRASHES || isAlike ? "read the container's log" : undefined;
}

const isDown = ({ state }: ContainerStatus): boolean =>
  state?.waiting?.reason === 'CrashLoopBackOff' || (state?.terminated?.exitCode ?? 0) !== 0;
