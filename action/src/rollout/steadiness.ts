import { trialMs } from '@modelpier/backstage-plugin-modelpier-common';
import type { Assessment } from './assess';

/** Trouble that only shows that a watch has yet to tell of what is there. */
const NOT_YET_SEEN = ['GenerationNotObserved', 'PodsNotSeen', 'NoEndpoint'];

/** Since when all is well, and how long that has to last. */
export class Steadiness {
  #since: number | undefined;
  #trialMs = 0;
  #wasUnwell = false;

  look(last: Assessment, { now, isCurrent }: { readonly now: number; readonly isCurrent: boolean }): void {
    this.#wasUnwell ||= hasTrouble(last);
    this.#since = isCurrent ? (this.#since ?? now) : undefined;
    const trials = [...last.statuses.keys()].flatMap(({ object }) =>
      object === undefined ? [] : trialMs(object, last.context),
    );
    this.#trialMs = Math.max(0, ...trials);
  }

  /** When it has lasted long enough. */
  get untilMs(): number {
    return (this.#since ?? Infinity) + this.#trialMs;
  }

  outcome({
    now,
    isUnchanged,
  }: {
    readonly now: number;
    readonly isUnchanged: boolean;
  }): 'already-healthy' | 'steady' | undefined {
    if (this.#since === undefined) return undefined;
    if (isUnchanged && !this.#wasUnwell) return 'already-healthy';
    return now >= this.untilMs ? 'steady' : undefined;
  }
}

const hasTrouble = ({ statuses }: Assessment): boolean =>
  [...statuses.values()].some(({ state, reason }) => state !== 'Current' && !NOT_YET_SEEN.includes(reason));
