import type { InputReader } from './reader';

export interface DockerfileInputs {
  /**
   * `found` where nothing was asked for: a Dockerfile that lies beside the model file is built, if the model
   * file names no base image.
   */
  readonly builder: 'layers' | 'buildx' | 'buildah' | 'auto' | 'found';
  /** Relative to the workspace, both. */
  readonly file: string | undefined;
  readonly context: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Only a Dockerfile has a use for these. */
const OF_DOCKERFILES = ['context', 'file', 'build-args', 'secrets'];
/** These the layer builder decides, and a Dockerfile for itself. */
const OF_LAYERS = ['base-image', 'code', 'target-path', 'entrypoint', 'cmd', 'env'];

/** Reads what decides between the layer builder and a Dockerfile; what fits neither is a fault. */
export function readDockerfileInputs(reader: InputReader): DockerfileInputs {
  const given = reader.choice('builder', ['auto', 'layers', 'buildx', 'buildah'], 'auto');
  const ofDockerfiles = OF_DOCKERFILES.filter(name => reader.text(name) !== undefined);
  const ofLayers = OF_LAYERS.filter(name => reader.text(name) !== undefined);
  if ((reader.text('compression') ?? 'auto') !== 'auto') ofLayers.push('compression');
  const builder = given === 'auto' ? chooseAuto(ofDockerfiles, ofLayers) : given;
  if (builder === 'layers') {
    for (const name of ofDockerfiles)
      reader.fault(
        name,
        'builder: layers reads no Dockerfile; leave it out, or use builder: buildx or buildah',
      );
  } else if (builder !== 'found') {
    for (const name of ofLayers)
      reader.fault(name, 'a Dockerfile decides this for itself; leave it out, or use builder: layers');
  }
  return {
    builder,
    file: reader.text('file'),
    context: reader.text('context'),
    buildArgs: reader.pairs('build-args'),
    secrets: readSecrets(reader),
  };
}

/** Who names a Dockerfile means it, and who names a base image means that. */
function chooseAuto(
  ofDockerfiles: readonly string[],
  ofLayers: readonly string[],
): DockerfileInputs['builder'] {
  if (ofDockerfiles.length > 0) return 'auto';
  return ofLayers.length > 0 ? 'layers' : 'found';
}

/** `id=value`; what is wrong is told without the value. */
function readSecrets(reader: InputReader): Readonly<Record<string, string>> {
  const secrets: [string, string][] = [];
  for (const [position, line] of reader.lines('secrets').entries()) {
    const [, id, value] = /^([\w.-]+)=(.+)$/s.exec(line) ?? [];
    if (id === undefined || value === undefined)
      reader.fault(
        'secrets',
        `item ${position + 1} is not id=value; an id has letters, digits, "_", "." and "-"`,
      );
    else secrets.push([id, value]);
  }
  return Object.fromEntries(secrets);
}
