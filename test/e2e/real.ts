/** The real parts, as `setup.cjs` found them. */
function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set; run the tests by npm run test:e2e`);
  return value;
}

export const REGISTRY = given('MODELPIER_TEST_REGISTRY');
export const BASE_IMAGE = given('MODELPIER_TEST_BASE_IMAGE');
export const ADMIN_KUBECONFIG = given('MODELPIER_TEST_ADMIN_KUBECONFIG');
export const KUBECTL = given('MODELPIER_TEST_KUBECTL');
/** The node's containerd, and a client for it. */
export const CONTAINERD = given('MODELPIER_TEST_CONTAINERD');
export const CRI = given('MODELPIER_TEST_CRI');
export const NAMESPACE = 'modelpier-e2e';
export const REPOSITORY_PATH = `e2e-${given('MODELPIER_TEST_RUN')}/mnist-mlp`;
export const REPOSITORY = `${REGISTRY}/${REPOSITORY_PATH}`;
