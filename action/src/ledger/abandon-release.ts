import { endRelease, type Ending } from './begin-release';
import { releaseLease } from './hold-lease';

/** Ends what a killed step left: its release is told as interrupted, and its lease is free. */
export async function abandonRelease(ending: Ending): Promise<void> {
  const reason = 'its run was killed; what it had applied stays as it is';
  await endRelease(ending, { verdict: 'interrupted', reason });
  await releaseLease(ending);
}
