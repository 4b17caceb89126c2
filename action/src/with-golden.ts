import { formatCount, ModelpierError } from '@modelpier/backstage-plugin-modelpier-common';
import type { Release } from './build';
import { readGolden } from './golden/read-golden';
import type { Run } from './main';

/** The release with what its model has to answer, as the golden file says it. */
export async function withGolden(run: Run, release: Release): Promise<Release> {
  const { inputs, context, ports } = run;
  const { golden: policy } = inputs.safety;
  if (policy === 'off') return release;
  const { directory, model } = release;
  const file = await readGolden({ workspace: context.workspace, directory, model });
  if (file !== undefined) {
    ports.tell.note(`golden check: ${formatCount(file.golden.cases.length, 'case')} of ${file.path}`);
    return { ...release, golden: { ...file, isRequired: policy === 'require' } };
  }
  if (policy === 'auto') return release;
  throw new ModelpierError('not-found', 'golden: require: there is no golden file', {
    hint: 'write golden.json beside the model file, or name one as spec.golden in it; docs/golden.md shows one',
  });
}
