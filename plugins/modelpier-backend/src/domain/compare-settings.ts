import type { SettingDifference } from '@modelpier/backstage-plugin-modelpier-common';
import type { KeptConfig } from './fetched-manifest';

/** A value that may be shown, or only a hash of one that may not. */
interface Setting {
  readonly value: string;
  readonly isHidden: boolean;
}

/** Written by builders on every image: they are another each time, or shown elsewhere. */
const PASSED_OVER = /^(?:org\.opencontainers\.image\.|io\.modelpier\.)/;

/** `null` where nobody kept how one of the images starts. */
export function compareSettings(
  before: KeptConfig | undefined,
  after: KeptConfig | undefined,
): readonly SettingDifference[] | null {
  const [had, has] = [settingsOf(before), settingsOf(after)];
  if (had === undefined || has === undefined) return null;
  return [...new Set([...had.keys(), ...has.keys()])].toSorted().flatMap(name => {
    const [old, now] = [had.get(name), has.get(name)];
    // Whether a value is shown depends on its length, too: a hash is never held against a value.
    if (old?.value === now?.value && old?.isHidden === now?.isHidden) return [];
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'changed';
    return [{ name, change, before: shown(old), after: shown(now) }];
  });
}

const shown = (setting: Setting | undefined): string | null =>
  setting === undefined || setting.isHidden ? null : setting.value;

function settingsOf(config: KeptConfig | undefined): ReadonlyMap<string, Setting> | undefined {
  const starts = config?.starts;
  if (config === undefined || starts === undefined) return undefined;
  const { user, workingDir, entrypoint, cmd, stopSignal, ports, env, hiddenEnv } = starts;
  const plain = {
    user,
    'working folder': workingDir,
    entrypoint: entrypoint && JSON.stringify(entrypoint),
    command: cmd && JSON.stringify(cmd),
    'stop signal': stopSignal,
    ports: ports.length === 0 ? undefined : ports.join(', '),
    ...named('variable', env),
    ...named('label', Object.fromEntries(labelsOf(config))),
  };
  return new Map<string, Setting>([
    ...Object.entries(plain).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, { value, isHidden: false }] as const],
    ),
    ...Object.entries(named('variable', hiddenEnv)).map(
      ([name, value]) => [name, { value, isHidden: true }] as const,
    ),
  ]);
}

const labelsOf = ({ labels }: KeptConfig): readonly [string, string][] =>
  Object.entries(labels).filter(([key]) => !PASSED_OVER.test(key));

const named = (kind: string, values: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${kind} ${name}`, value]));
