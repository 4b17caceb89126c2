import {
  type Descriptor,
  type Digest,
  formatReference,
  IMAGE_BASE_DIGEST,
  IMAGE_BASE_NAME,
  type ImageConfig,
  OCI_CONFIG,
  OCI_MANIFEST,
  ociLayerMediaType,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { LayerKind, Manifest } from '@modelpier/backstage-plugin-modelpier-common';
import type { BaseImage } from './base-image';
import { canonicalJson } from './canonical-json';
import type { ImageSettings } from './settings';
import { sha256 } from './sha256';

/** A layer of ours, as far as manifest and config are concerned. */
export interface AddedLayer {
  readonly descriptor: Descriptor;
  readonly diffId: Digest;
  readonly kind: LayerKind;
  readonly files: readonly string[];
}

/** A finished image: two documents, and layers that they point to. */
export interface AssembledImage {
  readonly manifest: Manifest;
  readonly manifestBytes: Uint8Array;
  readonly digest: Digest;
  readonly config: Descriptor;
  readonly configBytes: Uint8Array;
}

type Texts = Readonly<Record<string, string>>;

/** Wall clocks of other tools (docker/metadata-action), which would give every run another digest. */
const VOLATILE = new Set(['org.opencontainers.image.created']);
/** What a base says of itself is not true of the image on it. */
const ABOUT_THE_BASE = /^org\.opencontainers\.image\.|^io\.modelpier\./;
/** Fields of a config that the child keeps; its own replace the rest (OCI image-spec, config.md). */
const KEPT_FIELDS = ['architecture', 'os', 'os.version', 'os.features', 'variant'];

/** The base with the layers on top. The same input gives the same bytes, always as OCI documents. */
export function assembleImage(
  base: BaseImage,
  layers: readonly AddedLayer[],
  settings: ImageSettings,
): AssembledImage {
  const facts = { ...settings.facts, ...baseFacts(base) };
  const configBytes = canonicalJson(assembleConfig(base, layers, { ...settings, facts }));
  const config = { mediaType: OCI_CONFIG, digest: sha256(configBytes), size: configBytes.length };
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config,
    layers: [
      ...base.manifest.layers.map(layer => ({ ...layer, mediaType: ociLayerMediaType(layer.mediaType) })),
      ...layers.map(({ descriptor }) => descriptor),
    ],
    annotations: { ...facts, ...stable(settings.annotations) },
  };
  const manifestBytes = canonicalJson(manifest);
  return { manifest, manifestBytes, digest: sha256(manifestBytes), config, configBytes };
}

function baseFacts({ reference, digest }: BaseImage): Texts {
  const { registry, path, tag } = reference;
  return {
    [IMAGE_BASE_NAME]: formatReference({ registry, path, tag }),
    [IMAGE_BASE_DIGEST]: digest,
  };
}

function assembleConfig(
  { config, configDocument }: BaseImage,
  layers: readonly AddedLayer[],
  settings: ImageSettings,
): unknown {
  const created = timeStamp(settings.epochSeconds);
  const kept = Object.entries(configDocument).filter(([key]) => KEPT_FIELDS.includes(key));
  return {
    ...Object.fromEntries(kept),
    created,
    config: { ...asObject(configDocument['config']), ...runtimeOf(config, settings) },
    rootfs: {
      type: 'layers',
      diff_ids: [...config.rootfs.diff_ids, ...layers.map(({ diffId }) => diffId)],
    },
    history: [...baseHistory(config), ...layers.map(layer => historyLine(layer, created))],
  };
}

function runtimeOf({ config = {} }: ImageConfig, settings: ImageSettings): Record<string, unknown> {
  const { entrypoint, cmd, env, facts, labels } = settings;
  const inherited = Object.entries(config.Labels ?? {}).filter(([key]) => !ABOUT_THE_BASE.test(key));
  const isEntrypointOurs = entrypoint.length > 0;
  const command = cmd.length > 0 ? cmd : isEntrypointOurs ? undefined : config.Cmd;
  return {
    Env: mergeEnv(config.Env ?? [], env),
    Labels: { ...Object.fromEntries(inherited), ...facts, ...stable(labels) },
    Entrypoint: isEntrypointOurs ? entrypoint : config.Entrypoint,
    Cmd: command,
  };
}

/** Values replace those of the base where they stand; new ones follow. */
function mergeEnv(base: readonly string[], over: Texts): readonly string[] {
  const merged = new Map(base.map(entry => [entry.split('=', 1)[0] ?? '', entry]));
  for (const [name, value] of Object.entries(over)) merged.set(name, `${name}=${value}`);
  return [...merged.values()];
}

/** One line a layer, as the specification asks; bases that keep none get plain ones. */
function baseHistory({ history = [], rootfs }: ImageConfig): readonly unknown[] {
  const lines = history.filter(({ empty_layer = false }) => !empty_layer).length;
  return lines === rootfs.diff_ids.length
    ? history
    : rootfs.diff_ids.map(() => ({ created_by: 'base image' }));
}

const SHOWN_FILES = 3;

function historyLine({ kind, files }: AddedLayer, created: string): unknown {
  const rest = files.length - SHOWN_FILES;
  const shown = [...files.slice(0, SHOWN_FILES), ...(rest > 0 ? [`and ${rest} more`] : [])];
  return { created, created_by: `modelpier: ${kind} ${shown.join(', ')}` };
}

/** Without what differs between two runs over the same input. */
export const stable = (texts: Texts): Texts =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => !VOLATILE.has(key)));

/** RFC 3339, without the fraction that would always be zero. */
export const timeStamp = (epochSeconds: number): string =>
  new Date(epochSeconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z');

const asObject = (value: unknown): object => (typeof value === 'object' && value !== null ? value : {});
