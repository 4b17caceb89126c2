import { type Placement } from '@modelpier/backstage-plugin-modelpier-common';

/** Where the generated manifests and the serving runtimes listen. */
const PORT = 8080;
const ADDRESS = `http://127.0.0.1:${PORT}`;

export interface CallCommands {
  readonly path: string;
  readonly forward: string | undefined;
  readonly metadata: string;
  readonly infer: string;
}

/** Names come from images and clusters: anything but plain characters is quoted for the shell. */
const word = (value: string): string =>
  /^[\w./:@%+-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`;

/** Paths of the Open Inference Protocol V2 (kserve/open-inference-protocol, inference_rest.md). */
export function callCommands(model: string, place: Placement | undefined): CallCommands {
  const base = `/v2/models/${encodeURIComponent(model)}`;
  const target = place && `${place.workload.kind.toLowerCase()}/${place.workload.name}`;
  return {
    path: `POST ${base}/infer`,
    forward:
      place && target && `kubectl --namespace ${word(place.namespace)} port-forward ${word(target)} ${PORT}`,
    metadata: `curl --silent ${ADDRESS}${base}`,
    infer: `curl --silent ${ADDRESS}${base}/infer --json @request.json`,
  };
}
