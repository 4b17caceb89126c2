import { hideSecrets } from '../hide-secrets';
import type { ContainerStatus, Pod } from './pod';

/** `container model of pod mnist-7d4: CrashLoopBackOff, 3 restarts, exit code 1: no such file`. */
export function containerTrouble(pod: Pod, status: ContainerStatus): string {
  const { waiting } = status.state ?? {};
  const ended = status.state?.terminated ?? status.lastState?.terminated;
  const said = ended?.message === undefined ? explained(waiting) : oneLine(ended.message);
  const parts = [headline(status), restarts(status.restartCount), ending(status)].filter(part => part !== '');
  return `container ${status.name} of pod ${pod.metadata.name}: ${parts.join(', ')}${said === '' ? '' : `: ${said}`}`;
}

function headline({ state, ready }: ContainerStatus): string {
  return state?.waiting?.reason ?? state?.terminated?.reason ?? (ready ? 'ready' : 'running, not ready');
}

function restarts(count: number): string {
  if (count === 0) return '';
  return count === 1 ? '1 restart' : `${count} restarts`;
}

function ending({ state, lastState }: ContainerStatus): string {
  const last = lastState?.terminated;
  const ended = state?.terminated ?? last;
  if (ended === undefined) return '';
  const known = last?.reason === undefined || last.reason === 'Error' ? '' : `last ended as ${last.reason}, `;
  return `${known}exit code ${ended.exitCode}`;
}

/** What the kubelet says, without the wrapping of the runtime below it. */
function explained(
  waiting: { reason?: string | undefined; message?: string | undefined } | undefined,
): string {
  // "back-off 10s restarting failed container=... pod=...": the headline says it better.
  if (waiting?.message === undefined || waiting.reason === 'CrashLoopBackOff') return '';
  const bare = waiting.message
    .replace(/^rpc error: code = \w+ desc = /, '')
    .replace(/^failed to pull and unpack image "[^"]*": (?:failed to resolve reference "[^"]*": )?/, '');
  return oneLine(bare);
}

/** Enough of the end of a log, whose last lines say why a program died. */
const SAID_CHARACTERS = 400;

function oneLine(message: string): string {
  const lines = message.split('\n').map(line => line.trim());
  const joined = hideSecrets(lines.filter(line => line !== '').join(' | '));
  return joined.length > SAID_CHARACTERS ? `...${joined.slice(-SAID_CHARACTERS)}` : joined;
}
