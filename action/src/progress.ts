import {
  formatBytes,
  formatDuration,
  formatObjectRef,
  type RolloutEvent,
  shortDigest,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BuildEvent, LayerName } from './image/event';

/** Turns build events into log lines; progress of a long upload is told now and then, not each time. */
export class BuildLog {
  readonly #now: () => number;
  readonly #uploads = new Map<string, { readonly since: number; told: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The line for an event; nothing where it would only repeat the last. */
  line(event: BuildEvent): string | undefined {
    switch (event.type) {
      case 'base':
        return `base ${event.reference} on ${event.platform} is ${event.digest}`;
      case 'packed':
        return `packed ${nameLayer(event.layer)}`;
      case 'sending':
        return this.#sending(event);
      case 'layer':
        return this.#layer(event);
      case 'manifest':
        return event.changed ? `manifest ${event.digest}` : `manifest ${event.digest} was there`;
      case 'tag':
        return event.changed ? `tag ${event.tag}` : `tag ${event.tag} was there`;
    }
  }

  #sending({ layer, sentBytes, totalBytes }: Extract<BuildEvent, { type: 'sending' }>): string | undefined {
    const upload = this.#uploads.get(layer.digest) ?? { since: this.#now(), told: this.#now() };
    this.#uploads.set(layer.digest, upload);
    if (this.#now() - upload.told < TELL_EVERY_MS || sentBytes >= totalBytes) return undefined;
    upload.told = this.#now();
    const elapsedMs = this.#now() - upload.since;
    const leftMs = sentBytes === 0 ? null : (elapsedMs * (totalBytes - sentBytes)) / sentBytes;
    return (
      `${nameLayer(layer)}: ${formatBytes(sentBytes)} of ${formatBytes(totalBytes)} at ` +
      `${formatBytes(Math.round((sentBytes * 1000) / elapsedMs))}/s, ${formatDuration(leftMs)} left`
    );
  }

  #layer({ layer, fate, sentBytes }: Extract<BuildEvent, { type: 'layer' }>): string {
    const upload = this.#uploads.get(layer.digest);
    if (upload === undefined || sentBytes === 0) return `${fate} ${nameLayer(layer)}`;
    return `${fate} ${nameLayer(layer)} in ${formatDuration(this.#now() - upload.since)}`;
  }
}

/** Often enough to see that it moves, rarely enough to read the log. */
const TELL_EVERY_MS = 5_000;

function nameLayer({ digest, sizeBytes, kind, files }: LayerName): string {
  const [first, ...others] = files;
  const named =
    first === undefined ? '' : ` ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
  return `${kind} layer ${shortDigest(digest)} (${formatBytes(sizeBytes)})${named}`;
}

export const rolloutLine = ({ atMs, object, status }: RolloutEvent): string =>
  `${formatDuration(atMs)} ${formatObjectRef(object)} ${status.state}: ${status.message}`;
