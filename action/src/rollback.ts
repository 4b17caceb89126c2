import {
  formatReference,
  type ModelpierError,
  parseReference,
  type RollbackTarget,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { Run } from './main';
import { readModel } from './model/read-model';
import { releaseBase } from './release-base';
import { rolloutFailure } from './rollout/failure';
import { planRollback, type RollbackOptions, rollBackTo } from './rollout/roll-back-to';
import { verifyImage } from './verify-image';

/** Goes back to an earlier release, by its manifests that are kept in the cluster: no model and no image is needed. */
export async function rollBackRelease(run: Run): Promise<void> {
  const { inputs, ports, recorder } = run;
  const model = await ports.tell.phase('Read the model', () => readModelName(run));
  const options = await rollbackOptions(run, model);
  if (inputs.deploy.dryRun) {
    const planned = await ports.tell.phase('Plan the rollback', () => planRollback(options));
    recorder.deployment(planned);
    return;
  }
  const deployment = await ports.tell.phase('Roll back and wait', () => rollBackTo(options));
  recorder.deployment(deployment);
  ports.tell.failure(deployment);
  if (deployment.status === 'failed') throw rolloutFailure(deployment) satisfies ModelpierError;
}

/** As the input gives it, else of the model file, whose own files are not looked for. */
async function readModelName({ inputs, context }: Run): Promise<string> {
  const { file, name } = inputs.model;
  if (name !== undefined) return name;
  const { model } = await readModel({ workspace: context.workspace, file, skipFiles: true });
  return model.metadata.name;
}

async function rollbackOptions(run: Run, model: string): Promise<RollbackOptions> {
  const { inputs, context, ports, recorder } = run;
  const { runUrl, actor } = context;
  return {
    ...(await releaseBase(run, model)),
    runFacts: { model, runUrl, actor },
    wanted: { version: inputs.model.version, digest: inputs.deploy.image?.digest },
    async onTarget({ version, image }: RollbackTarget) {
      await verifyImage(run, parseReference(image));
      recorder.model({ name: model, version, format: 'other' });
      if (!inputs.deploy.dryRun) await ports.tell.deploying(formatReference(parseReference(image)));
    },
  };
}
