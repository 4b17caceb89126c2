import { endRelease, type Ending } from './begin-release';
import { releaseLease } from './hold-lease';

/** Ends what a killed step left: its release, if it had begun one, is told as interrupted, and its lease is free. */
export async function abandonRelease({
  id,
  ...ending
}: Omit<Ending, 'id'> & { readonly id?: string | undefined }): Promise<void> {
  const reason = 'its run was killed; what it had applied stays as it is';
  if (id !== undefined) await endRelease({ ...ending, id }, { verdict: 'interrupted', reason });
  await releaseLease(ending);
}
