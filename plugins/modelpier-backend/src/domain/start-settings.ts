import {
  type Decoded,
  type ImageConfig,
  list,
  object,
  optional,
  record,
  text,
} from '@modelpier/backstage-plugin-modelpier-common';
import { createHash } from 'node:crypto';

/** How an image starts, as far as pages show it. */
export const startSettings = object({
  user: optional(text),
  workingDir: optional(text),
  entrypoint: optional(list(text)),
  cmd: optional(list(text)),
  stopSignal: optional(text),
  ports: list(text),
  env: record(text),
  /** Variables whose values are nobody's business: enough of a hash to see that one is another. */
  hiddenEnv: record(text),
});
export type StartSettings = Decoded<typeof startSettings>;

/** Our own, and those that only say where things are: any other may well be a password. */
const SHOWN = /^(?:MODELPIER_[A-Z_]+|PATH|LANG|LC_[A-Z]+|PYTHON_VERSION|PYTHONPATH|LD_LIBRARY_PATH)$/;
/** Longer values are no settings. */
const LONGEST_VALUE = 16_384;
const MOST_VARIABLES = 500;

export function readStartSettings({ config = {} }: Pick<ImageConfig, 'config'>): StartSettings {
  const variables = (config.Env ?? []).slice(0, MOST_VARIABLES).map(splitVariable);
  const isShown = ([name, value]: readonly [string, string]): boolean =>
    SHOWN.test(name) && value.length <= LONGEST_VALUE;
  return {
    user: config.User,
    workingDir: config.WorkingDir,
    entrypoint: config.Entrypoint,
    cmd: config.Cmd,
    stopSignal: config.StopSignal,
    ports: Object.keys(config.ExposedPorts ?? {}).toSorted(),
    env: Object.fromEntries(variables.filter(isShown)),
    hiddenEnv: Object.fromEntries(
      variables.filter(variable => !isShown(variable)).map(([name, value]) => [name, shortHash(value)]),
    ),
  };
}

function splitVariable(written: string): readonly [string, string] {
  const at = written.indexOf('=');
  return at === -1 ? [written, ''] : [written.slice(0, at), written.slice(at + 1)];
}

const shortHash = (value: string): string => createHash('sha256').update(value).digest('hex').slice(0, 16);
