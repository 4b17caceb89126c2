import {
  formatBytes,
  formatDuration,
  formatNewLayerReason,
  formatObjectRef,
  type RolloutEvent,
  shortDigest,
} from '@modelpier/backstage-plugin-modelpier-common';
import type { BuildEvent, SentLayer } from './image/event';

type EventOf<T extends BuildEvent['type']> = Extract<BuildEvent, { type: T }>;

/** Something that takes long: since when it goes, and when it was told last. */
interface Progress {
  readonly sinceMs: number;
  toldMs: number;
}

/** Turns build events into log lines; progress of a long upload is told now and then, not each time. */
export class BuildLog {
  readonly #now: () => number;
  readonly #progress = new Map<string, Progress>();
  #target: string | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The line for an event; nothing where it would only repeat the last. */
  line(event: BuildEvent): string | undefined {
    switch (event.type) {
      case 'packing':
        return this.#packing(event);
      case 'sending':
        return this.#sending(event);
      case 'layer':
        return this.#layer(event);
      case 'manifest':
        return `manifest ${event.digest}${this.#in(event.target)}${event.changed ? '' : ' was there'}`;
      case 'tag':
        return `tag ${event.tag}${this.#in(event.target)}${event.changed ? '' : ' was there'}`;
      default:
        return plainLine(event);
    }
  }

  #packing({ files, readBytes, totalBytes }: EventOf<'packing'>): string | undefined {
    const told = this.#tell(`packing ${files[0] ?? ''}`, { doneBytes: readBytes, totalBytes });
    return told === undefined ? undefined : `reading${nameFiles(files)}: ${told}`;
  }

  #sending({ layer, target, sentBytes, totalBytes }: EventOf<'sending'>): string | undefined {
    const told = this.#tell(keyOf(target, layer), { doneBytes: sentBytes, totalBytes });
    return told === undefined ? undefined : `sending ${nameLayer(layer)}${this.#in(target)}: ${told}`;
  }

  #layer({ layer, target, fate, sentBytes }: EventOf<'layer'>): string {
    const line = `${fate} ${nameLayer(layer)}${this.#in(target)}`;
    const upload = this.#progress.get(keyOf(target, layer));
    if (upload === undefined || sentBytes === 0) return line;
    const tookMs = this.#now() - upload.sinceMs;
    return `${line} in ${formatDuration(tookMs)}${tookMs === 0 ? '' : `, ${rateOf(sentBytes, tookMs)}`}`;
  }

  /** Begins to count at the first event, and tells nothing of it: what is short is not worth a line. */
  #tell(
    key: string,
    { doneBytes, totalBytes }: { readonly doneBytes: number; readonly totalBytes: number },
  ): string | undefined {
    const now = this.#now();
    const progress = this.#progress.get(key) ?? { sinceMs: now, toldMs: now };
    this.#progress.set(key, progress);
    const toldAfterMs = progress.toldMs - progress.sinceMs;
    const pauseMs = Math.min(Math.max(toldAfterMs / 2, SHORTEST_PAUSE_MS), LONGEST_PAUSE_MS);
    if (now - progress.toldMs < pauseMs || doneBytes === 0 || doneBytes >= totalBytes) return undefined;
    progress.toldMs = now;
    const elapsedMs = now - progress.sinceMs;
    const leftMs = (elapsedMs * (totalBytes - doneBytes)) / doneBytes;
    return (
      `${formatBytes(doneBytes)} of ${formatBytes(totalBytes)} at ${rateOf(doneBytes, elapsedMs)}, ` +
      `${formatDuration(leftMs)} left`
    );
  }

  /** The repository is named where it is not the first one. */
  #in(target: string): string {
    this.#target ??= target;
    return target === this.#target ? '' : ` in ${target}`;
  }
}

/** The line for an event that stands for itself. */
function plainLine(event: EventOf<'builder' | 'tool' | 'pushed' | 'base' | 'packed' | 'new-layer'>): string {
  switch (event.type) {
    case 'builder':
      return `${event.name} builds ${event.file}`;
    case 'tool':
      return event.line;
    case 'pushed':
      return `pushed ${event.reference} as ${event.digest}`;
    case 'base':
      return `base ${event.reference} on ${event.platform} is ${event.digest}`;
    case 'packed':
      return `packed ${nameLayer(event.layer)}`;
    case 'new-layer':
      return `not shared with the version before: ${nameLayer(event.layer)}: ${formatNewLayerReason(event.reason)}`;
  }
}

/** Often enough to see that it moves, and the longer it takes the more seldom, so that the log can be read. */
const SHORTEST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 30_000;

const rateOf = (bytes: number, ms: number): string => `${formatBytes(Math.round((bytes * 1000) / ms))}/s`;

/** By its files, for a digest may still be in the making; layers of a base have digests only. */
const keyOf = (target: string, { digest, files }: SentLayer): string =>
  `${target} ${files[0] ?? digest ?? ''}`;

function nameLayer({ digest, sizeBytes, kind, files }: SentLayer): string {
  const short = digest === undefined ? '' : ` ${shortDigest(digest)}`;
  return `${kind} layer${short} (${formatBytes(sizeBytes)})${nameFiles(files)}`;
}

function nameFiles([first, ...others]: readonly string[]): string {
  return first === undefined ? '' : ` ${first}${others.length === 0 ? '' : ` and ${others.length} more`}`;
}

export const rolloutLine = ({ atMs, object, status }: RolloutEvent): string =>
  `${formatDuration(atMs)} ${formatObjectRef(object)} ${status.state}: ${status.message}`;
