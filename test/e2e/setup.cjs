const { existsSync } = require('node:fs');
const { join } = require('node:path');
const { startTestPostgres } = require('./setup-postgres');

/** Names the real parts to the tests and to the contract suites; fails at once where they are not up. */
module.exports = async () => {
  const cache =
    process.env.CLUSTER_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(process.env.HOME, '.cache'), 'modelpier-cluster');
  const state = process.env.CLUSTER_DIR ?? join(cache, 'state');
  const folder = join(state, 'kubeconfig');
  process.env.MODELPIER_TEST_REGISTRY ??= process.env.REGISTRY ?? '127.0.0.1:5000';
  process.env.MODELPIER_TEST_KUBECONFIG ??= join(folder, 'deployer.kubeconfig');
  process.env.MODELPIER_TEST_ADMIN_KUBECONFIG ??= join(folder, 'admin.kubeconfig');
  process.env.MODELPIER_TEST_KUBECTL ??= join(cache, 'bin/kubectl');
  process.env.MODELPIER_TEST_CONTAINERD ??= join(state, 'containerd/containerd.sock');
  process.env.MODELPIER_TEST_CRI ??= join(cache, 'bin/cri');
  process.env.MODELPIER_TEST_BASE_IMAGE ??= `${process.env.MODELPIER_TEST_REGISTRY}/runtime/torchscript:bookworm`;
  // A repository of its own for each run: what an earlier one pushed would be present already.
  process.env.MODELPIER_TEST_RUN = Date.now().toString(36);
  const answer = await fetch(`http://${process.env.MODELPIER_TEST_REGISTRY}/v2/`).catch(() => undefined);
  if (answer?.ok !== true)
    throw new Error(`no registry on ${process.env.MODELPIER_TEST_REGISTRY}: run test/cluster/prepare`);
  if (!existsSync(process.env.MODELPIER_TEST_ADMIN_KUBECONFIG))
    throw new Error('no cluster: run test/cluster/prepare');
  await startTestPostgres();
};
