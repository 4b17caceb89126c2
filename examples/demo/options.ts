import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Registry host of the real world; an embedded one where not given. */
  readonly registry: string | undefined;
  readonly baseImage: string | undefined;
  /** Kubeconfig of the real cluster; an embedded one where not given. */
  readonly kubeconfig: string | undefined;
  /** With the portal's rights; default: the same. */
  readonly portalKubeconfig: string | undefined;
  readonly namespace: string | undefined;
  readonly port: number;
  /** Ends once the portal shows the releases, instead of serving until Ctrl-C. */
  readonly once: boolean;
}

export const HELP = `npm run demo -- [options]

Runs the action, as GitHub would, over four releases of examples/mnist-mlp (first release, code only, new weights,
a broken one) and opens the portal on the result. Without options it brings its own registry and cluster.

  --registry HOST            a real registry, such as 127.0.0.1:5000; logins are read from Docker's configuration
  --base-image REFERENCE     a serving image in it, built from runtimes/torchscript
  --kubeconfig PATH          a real cluster; the rights it takes are in docs/permissions.md
  --portal-kubeconfig PATH   the same cluster with the portal's rights; default: --kubeconfig
  --namespace NAME           default: that of the kubeconfig's context
  --port N                   of the portal; default 7007
  --once                     end when the portal shows the releases, instead of serving until Ctrl-C
  --help                     this text

A real registry and a real cluster go together, with a base image: pods pull from the one into the other.
`;

/** The options of the command line, or why they do not fit. */
export function readOptions(args: readonly string[]): DemoOptions | 'help' | { readonly fault: string } {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean', default: false } as const;
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        registry: text,
        'base-image': text,
        kubeconfig: text,
        'portal-kubeconfig': text,
        namespace: text,
        port: text,
        once: flag,
        help: flag,
      },
    }));
  } catch (error) {
    return { fault: (error as Error).message };
  }
  if (values.help) return 'help';
  const { registry, kubeconfig, namespace, 'base-image': baseImage } = values;
  const real = [registry, kubeconfig, baseImage].filter(value => value !== undefined).length;
  if (real !== 0 && real !== 3)
    return { fault: '--registry, --base-image and --kubeconfig are given together' };
  const port = Number(values.port ?? '7007');
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    return { fault: `--port ${values.port ?? ''} is no port` };
  const portalKubeconfig = values['portal-kubeconfig'] ?? kubeconfig;
  return { registry, baseImage, kubeconfig, portalKubeconfig, namespace, port, once: values.once };
}
